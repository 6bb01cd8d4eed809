// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a spec asks for

import ReelworkCore
import ReelworkEngineKit
import ReelworkScheduling
import ReelworkWire

/// What a spec's bytes ask for: decoded, checked for form, and with the engines' requirement.
struct SpecContents: Sendable {
    let engines: EngineRegistry

    /// What `spec` asks for; else why it is refused.
    func content(of spec: [UInt8]) -> Result<Submission.Content, Submission.Refusal> {
        let decoded: JobSpec
        do throws(WireError) {
            decoded = try JobSpec.decode(spec: spec)
        } catch {
            return .failure(refusal(error.explanation))
        }
        if let problem = SpecForm.problem(of: decoded) { return .failure(refusal(problem)) }
        do throws(EngineRefusal) {
            return .success(
                Submission.Content(
                    spec: decoded,
                    requirement: try engines.requirement(of: decoded),
                    isStream: MediaLocation(decoded.output) == .stream
                )
            )
        } catch {
            return .failure(refusal(error.message))
        }
    }

    private func refusal(_ detail: String) -> Submission.Refusal {
        Submission.Refusal(code: .invalidArgument, detail: detail)
    }
}
