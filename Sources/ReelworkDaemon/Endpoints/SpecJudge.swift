// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether a spec would be accepted

package import ReelworkCore
package import ReelworkEngineKit
import ReelworkScheduling
import ReelworkWire

/// Whether a spec would be accepted from a submitter, for those who bring jobs by another way.
package struct SpecJudge: Sendable {
    private let engines: EngineRegistry

    /// Judges by these engines.
    package init(engines: EngineRegistry) {
        self.engines = engines
    }

    /// A spec's bytes, as they are stored.
    package static func bytes(of spec: JobSpec) -> [UInt8] { spec.encoded }

    /// A stored spec again; nil where its bytes cannot be read.
    package static func spec(from bytes: [UInt8]) -> JobSpec? {
        try? JobSpec.decode(spec: bytes)
    }

    /// Why a spec would be refused, in words; nil where it would be accepted.
    package func problem(of spec: JobSpec) -> String? {
        switch SpecContents(engines: engines).content(of: spec.encoded) {
        case .success: nil
        case .failure(let refusal): refusal.detail
        }
    }
}
