// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a payload could not be inflated

/// Why a payload could not be inflated.
package enum InflateError: Error, CaseIterable, Hashable, Sendable {
    /// No zlib stream (raw deflate and gzip are none), a broken one, or a wrong Adler-32.
    case badData
    /// The stream ends before the promised length.
    case tooShort
    /// The stream goes on past the promised length.
    case tooLong
    /// The stream does not end.
    case truncated
    /// Bytes follow the end of the stream.
    case trailingBytes
    /// The stream asks for a preset dictionary.
    case needsDictionary
    /// There is no memory, or the stream is larger than zlib counts.
    case noMemory

    /// What was wrong, for people.
    package var explanation: String {
        switch self {
        case .badData: "the payload is no whole zlib stream, or its Adler-32 is wrong"
        case .tooShort: "the zlib stream ends before the promised length"
        case .tooLong: "the zlib stream goes on past the promised length"
        case .truncated: "the payload ends before its zlib stream"
        case .trailingBytes: "bytes follow the end of the zlib stream"
        case .needsDictionary: "the zlib stream asks for a preset dictionary"
        case .noMemory: "there is no memory to inflate the payload"
        }
    }
}
