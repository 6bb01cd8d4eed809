// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker is told at its start

package import ReelworkCore

/// What a worker is told at its start.
package struct WorkerConfiguration: Sendable {
    /// Where schedulers answer, tried in turn: `unix:PATH` or `tcp:HOST:PORT`.
    package var endpoints: [String]
    /// Its name, unique in the fleet.
    package var name: String
    /// How many jobs it runs at once.
    package var slots: UInt64
    /// An absolute path; the worker makes a folder with its name there, mode 0700.
    package var scratch: String
    /// Folders that inputs and outputs must lie under; empty = anywhere.
    package var roots: [String]
    /// What jobs may require or prefer.
    package var labels: [Label]
    /// How long a draining worker lets its jobs run.
    package var drainTimeout: Duration
    /// The program's version.
    package var version: String
    /// The path of `reelwork-exec`; nil for the one beside the running program.
    package var helper: String?
    /// What stands above the environment of commands.
    package var environment: [String: String]
    /// What holds for every command.
    package var limits: CommandLimits
    /// Threads that an encoder may use; nil for as many as it likes.
    package var threadsMax: UInt32?

    /// Makes a configuration; the rest has defaults.
    package init(
        endpoints: [String],
        name: String,
        slots: UInt64 = 1,
        scratch: String,
        roots: [String] = [],
        labels: [Label] = [],
        drainTimeout: Duration = .seconds(60),
        version: String = "",
        helper: String? = nil,
        environment: [String: String] = [:],
        limits: CommandLimits = CommandLimits(),
        threadsMax: UInt32? = nil
    ) {
        self.endpoints = endpoints
        self.name = name
        self.slots = slots
        self.scratch = scratch
        self.roots = roots
        self.labels = labels
        self.drainTimeout = drainTimeout
        self.version = version
        self.helper = helper
        self.environment = environment
        self.limits = limits
        self.threadsMax = threadsMax
    }

    /// Refuses what makes no sense.
    func check() throws(WorkerError) {
        guard !endpoints.isEmpty else {
            throw WorkerError(.invalid, "no scheduler is named; give --connect ENDPOINT")
        }
        guard (1...Limits.workerNameBytesMax).contains(name.utf8.count) else {
            throw WorkerError(
                .invalid,
                "a worker's name has 1 to \(Limits.workerNameBytesMax) bytes; give --name NAME"
            )
        }
        guard (1...UInt64(Limits.slotsMax)).contains(slots) else {
            throw WorkerError(
                .invalid,
                "a worker has 1 to \(Limits.slotsMax) slots, not \(slots); give --slots K"
            )
        }
        guard scratch.hasPrefix("/"), !scratch.utf8.contains(0) else {
            throw WorkerError(.invalid, "the scratch folder must be an absolute path")
        }
        for label in labels {
            let bytes = label.name.utf8.count + label.value.utf8.count
            guard !label.name.isEmpty, bytes <= Limits.labelBytesMax else {
                throw WorkerError(
                    .invalid,
                    "a label has a name, and at most \(Limits.labelBytesMax) bytes with its value"
                )
            }
        }
    }
}
