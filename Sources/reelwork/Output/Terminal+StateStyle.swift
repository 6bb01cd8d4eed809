// SPDX-License-Identifier: Apache-2.0
// Reelwork: states in colour

import ReelworkCore

extension Terminal.Style {
    /// The colour of a state.
    static func of(_ state: OpenEnum<JobState>) -> Terminal.Style? {
        switch state.value {
        case .completed: .green
        case .failed, .rejected, .timedOut: .red
        case .running, .assigned: .cyan
        case .retrying: .yellow
        case .canceled: .faint
        case .queued, nil: nil
        }
    }

    /// Colours for the cell of a state.
    static func cell(_ column: Int, _ state: OpenEnum<JobState>) -> [Int: Terminal.Style] {
        of(state).map { [column: $0] } ?? [:]
    }
}
