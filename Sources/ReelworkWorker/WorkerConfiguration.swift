// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker is told at its start

package import ReelworkCore
import ReelworkEngineKit

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
    /// How much there is of resources, in place of what is measured.
    package var capacity: [ResourceAmount]
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
        capacity: [ResourceAmount] = [],
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
        self.capacity = capacity
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
        try checkLabels()
        try checkCapacity()
    }

    private func checkLabels() throws(WorkerError) {
        guard labels.count <= Limits.listItemsMax else {
            throw WorkerError(
                .invalid,
                "a worker has at most \(Limits.listItemsMax) labels, not \(labels.count); "
                    + "give fewer --label"
            )
        }
        var names: Set<[UInt8]> = []
        var total = 0
        for (index, label) in labels.enumerated() {
            let bytes = label.name.utf8.count + label.value.utf8.count
            guard !label.name.isEmpty, bytes <= Limits.labelBytesMax else {
                throw WorkerError(
                    .invalid,
                    "label \(index + 1) has \(bytes) bytes: a label has a name, and at most "
                        + "\(Limits.labelBytesMax) bytes with its value"
                )
            }
            guard names.insert(Array(label.name.utf8)).inserted else {
                throw WorkerError(
                    .invalid,
                    "the label \(ShownText.quoted(label.name)) is given twice; leave one out"
                )
            }
            total += bytes
        }
        guard total <= Limits.registrationBytesMax else {
            throw WorkerError(
                .invalid,
                "the labels have \(total) bytes together, and may have "
                    + "\(Limits.registrationBytesMax); give fewer --label"
            )
        }
    }

    private func checkCapacity() throws(WorkerError) {
        guard capacity.count <= WorkerConfiguration.capacityMax else {
            throw WorkerError(
                .invalid,
                "a worker has at most \(WorkerConfiguration.capacityMax) resources, not "
                    + "\(capacity.count); give fewer --capacity"
            )
        }
        var names: Set<[UInt8]> = []
        for resource in capacity {
            let bytes = resource.name.utf8.count
            guard (1...Limits.resourceNameBytesMax).contains(bytes) else {
                throw WorkerError(
                    .invalid,
                    "a resource's name has 1 to \(Limits.resourceNameBytesMax) bytes, not \(bytes)"
                )
            }
            guard resource.name != ResourceAmount.slotName else {
                throw WorkerError(.invalid, "slots are given by --slots K, not by --capacity")
            }
            guard names.insert(Array(resource.name.utf8)).inserted else {
                throw WorkerError(
                    .invalid,
                    "--capacity \(ShownText.quoted(resource.name)) is given twice; leave one out"
                )
            }
        }
    }

    /// Resources that may be declared, so that slots and what is measured fit beside them.
    private static let capacityMax = 256

    /// What the worker has: its slots, what was declared, and what else was measured.
    func capacity(beside measured: [ResourceAmount]) -> [ResourceAmount] {
        var all = [ResourceAmount(name: ResourceAmount.slotName, amount: slots)]
        var names: Set<[UInt8]> = [Array(ResourceAmount.slotName.utf8)]
        for resource in capacity + measured where all.count < Limits.listItemsMax {
            if names.insert(Array(resource.name.utf8)).inserted { all.append(resource) }
        }
        return all
    }
}
