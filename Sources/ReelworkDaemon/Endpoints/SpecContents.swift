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
            let requirement = try engines.requirement(of: decoded)
            return .success(SpecContents.content(of: decoded, requirement))
        } catch {
            return .failure(refusal(error.message))
        }
    }

    /// What a spec asks for that was read, with what a worker must have for it.
    static func content(of spec: JobSpec, _ requirement: JobRequirement) -> Submission.Content {
        Submission.Content(
            spec: spec,
            requirement: requirement,
            isStream: MediaLocation(spec.output) == .stream
        )
    }

    private func refusal(_ detail: String) -> Submission.Refusal {
        Submission.Refusal(code: .invalidArgument, detail: detail)
    }
}
