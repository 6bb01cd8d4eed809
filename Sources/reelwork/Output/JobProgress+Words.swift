// SPDX-License-Identifier: Apache-2.0
// Reelwork: the phase of an attempt in a word

import ReelworkCore

extension JobProgress {
    /// The word for an encoder that runs.
    static let encodingName = "encoding"

    /// What the attempt does, in a word.
    var phaseName: String {
        switch phase {
        case .known(.encoding), nil: JobProgress.encodingName
        case .known(.verifying): "verifying"
        case .known(.publishing): "publishing"
        case .unknown(let number): "unknown(\(number))"
        }
    }
}
