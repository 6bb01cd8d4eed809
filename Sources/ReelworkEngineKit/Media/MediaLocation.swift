// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an input or output is

public import ReelworkCore

/// What a job's input or output is.
public enum MediaLocation: Hashable, Sendable {
    /// An absolute path.
    case file
    /// A URL of a streaming protocol.
    case stream
    /// Neither.
    case other

    /// The streaming protocols that are told from files.
    public static let streamSchemes = ["rtmp", "rtmps", "srt", "udp", "rtp"]

    /// Tells what a text is.
    public init(_ text: String) {
        if text.utf8.first == UInt8(ascii: "/") {
            self = .file
            return
        }
        let head = String(decoding: text.utf8.prefix(8), as: UTF8.self).lowercased()
        self = Self.streamSchemes.contains { head.hasPrefix($0 + "://") } ? .stream : .other
    }

    /// Refuses a job whose input and output cannot be files.
    public static func requireFiles(_ job: JobSpec, engine: String) throws(EngineRefusal) {
        try requireFile(job.input, role: "input", engine: engine)
        try requireFile(job.output, role: "output", engine: engine)
        guard job.input != job.output else {
            throw EngineRefusal(
                kind: .invalidLocation,
                message: "input and output are the same file; name another output"
            )
        }
    }

    private static func requireFile(
        _ text: String,
        role: String,
        engine: String
    ) throws(EngineRefusal) {
        switch MediaLocation(text) {
        case .file: break
        case .stream:
            throw EngineRefusal(
                kind: .unsupported,
                message: "\(engine) encodes files to files only; the \(role) "
                    + "\(ShownText.quoted(text)) is a stream"
            )
        case .other:
            throw EngineRefusal(
                kind: .invalidLocation,
                message: "the \(role) must be an absolute path; came \(ShownText.quoted(text))"
            )
        }
        guard text.utf8.count <= Limits.pathBytesMax, !text.utf8.contains(0) else {
            throw EngineRefusal(
                kind: .invalidLocation,
                message: "the \(role) is no path: at most \(Limits.pathBytesMax) bytes, none zero"
            )
        }
    }
}
