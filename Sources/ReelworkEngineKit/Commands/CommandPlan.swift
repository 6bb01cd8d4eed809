// SPDX-License-Identifier: Apache-2.0
// Reelwork: a command that a worker is to run

/// A command that a worker is to run in the attempt's scratch folder.
///
/// There is no shell: the arguments go to the program as they are.
public struct CommandPlan: Hashable, Sendable {
    /// The program's name, looked for in the worker's PATH; never a path.
    public var program: String
    /// Its arguments, without the program's name.
    public var arguments: [String]
    /// What standard output is for.
    public var output: CommandOutput
    /// Variables that are set on top of the worker's small fixed environment.
    public var environment: [EnvironmentValue]
    /// How long it may take; nil for an encode, whose limit is
    /// ``EngineAdapter/timeout(_:duration:policy:)``.
    public var timeMax: Duration?

    /// Makes a plan.
    public init(
        program: String,
        arguments: [String],
        output: CommandOutput,
        environment: [EnvironmentValue] = [],
        timeMax: Duration? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.output = output
        self.environment = environment
        self.timeMax = timeMax
    }
}
