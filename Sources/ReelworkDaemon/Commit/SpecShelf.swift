// SPDX-License-Identifier: Apache-2.0
// Reelwork: specs on their way to workers

import ReelworkCore
import Synchronization

/// Specs of jobs that were accepted lately, so that handing them out costs no read.
///
/// Bounded by bytes, the oldest go first; what is not here is read from the store.
final class SpecShelf: Sendable {
    private struct State {
        var specs: [JobNumber: [UInt8]] = [:]
        var order: [JobNumber] = []
        var head = 0
        var bytes = 0
    }

    private let state = Mutex(State())
    private let bytesMax: Int

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// Keeps the specs of accepted jobs.
    func put(_ inserts: [JobInsert]) {
        guard !inserts.isEmpty else { return }
        state.withLock { state in
            for insert in inserts {
                state.specs[insert.number] = insert.spec
                state.order.append(insert.number)
                state.bytes += insert.spec.count
            }
            while state.bytes > bytesMax, state.head < state.order.count {
                if let spec = state.specs.removeValue(forKey: state.order[state.head]) {
                    state.bytes -= spec.count
                }
                state.head += 1
            }
            // Specs that were taken leave their numbers behind; the list is made anew in time.
            if state.order.count - state.head > 2 * state.specs.count + 4096 {
                state.order = state.order[state.head...].filter { state.specs[$0] != nil }
                state.head = 0
            }
        }
    }

    /// Takes a spec off the shelf: it is on its way.
    func take(_ number: JobNumber) -> [UInt8]? {
        state.withLock { state in
            guard let spec = state.specs.removeValue(forKey: number) else { return nil }
            state.bytes -= spec.count
            return spec
        }
    }
}
