// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a submitter asks for

/// What a submitter asks for: immutable once accepted, sent and stored as the bytes it came in.
public struct JobSpec: Hashable, Sendable {
    /// An engine's name, or ``JobSpec/engineAuto``.
    public var engine: String
    /// Nil for the server's default.
    public var queue: JobQueue?
    /// Nil for the server's default.
    public var priority: JobPriority?
    /// An absolute path, or a URL that the engine knows.
    public var input: String
    /// An absolute path, or a URL that the engine knows.
    public var output: String
    /// Sorted by key, no key twice, at most ``Limits/parametersMax``.
    public var parameters: [Parameter]
    /// How often it may be tried again; nil for the server's default.
    public var retries: UInt64?
    /// A hard limit for a run, never extended; nil for the engine's own.
    public var timeout: Duration?
    /// It stays queued until then.
    public var notBefore: Timestamp?
    /// Whether a file that stands at the output may be replaced.
    public var overwrite: Bool
    /// How long the input plays, where the submitter knows.
    public var mediaDuration: Duration?
    /// What it uses up on a worker; one `slot` where nothing is said.
    public var needs: [ResourceAmount]
    /// Encoders that the worker must have proved.
    public var encoders: [String]
    /// Labels that the worker must carry.
    public var require: [Label]
    /// Labels that are better to have.
    public var prefer: [Label]
    /// Parameters that no log, answer or compressed frame shows.
    public var secrets: [Parameter]
    /// Whose job it is; nil for the default tenant.
    public var tenant: String?

    /// The engine name that lets the scheduler choose.
    public static let engineAuto = "auto"

    /// Makes a spec; all but input and output may be left out.
    public init(
        engine: String = JobSpec.engineAuto,
        queue: JobQueue? = nil,
        priority: JobPriority? = nil,
        input: String,
        output: String,
        parameters: [Parameter] = [],
        retries: UInt64? = nil,
        timeout: Duration? = nil,
        notBefore: Timestamp? = nil,
        overwrite: Bool = false,
        mediaDuration: Duration? = nil,
        needs: [ResourceAmount] = [],
        encoders: [String] = [],
        require: [Label] = [],
        prefer: [Label] = [],
        secrets: [Parameter] = [],
        tenant: String? = nil
    ) {
        self.engine = engine
        self.queue = queue
        self.priority = priority
        self.input = input
        self.output = output
        self.parameters = parameters.sorted { $0.key < $1.key }
        self.retries = retries
        self.timeout = timeout
        self.notBefore = notBefore
        self.overwrite = overwrite
        self.mediaDuration = mediaDuration
        self.needs = needs
        self.encoders = encoders
        self.require = require
        self.prefer = prefer
        self.secrets = secrets
        self.tenant = tenant
    }

    /// The value of a parameter.
    public func parameter(_ key: String) -> String? {
        parameters.first { $0.key == key }?.value
    }
}
