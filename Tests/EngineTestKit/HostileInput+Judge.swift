// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether the right thing came of a hard input

import ReelworkCore
import ReelworkEngineKit

extension HostileInput {
    /// Judges a film that was made of it.
    func judge(_ found: MediaInfo, frames: UInt64, _ breaches: inout Breaches) {
        switch outcome {
        case .encodes(let range, let size, let hasSound):
            breaches.require(range.contains(frames), "\(frames) frames")
            breaches.require(hasSound.map { $0 == (found.audio != nil) } ?? true, "its sound")
            guard let size else { return }
            breaches.require(found.video?.resolution == size, "not \(size): \(found)")
        case .fails: breaches.note("it was encoded: \(found)")
        }
    }

    /// Judges the failure that it came to.
    func judge(_ failure: EngineFailure, _ breaches: inout Breaches) {
        let text = failure.description
        breaches.require(EngineConformance.isShort(text), "a long message: \(text)")
        switch outcome {
        case .encodes: breaches.note("it failed: \(failure.failureClass): \(text)")
        case .fails(let expected):
            breaches.require(failure.failureClass == expected, "\(failure.failureClass): \(text)")
        }
    }
}
