// SPDX-License-Identifier: Apache-2.0
// Reelwork: one job to submit.

public import ReelworkCore

/// One job to submit.
public struct Submission: Hashable, Sendable {
    /// What is to be done.
    public var spec: JobSpec
    /// Its idempotency key: submitted again with the same key and the same spec, it is the same
    /// job.
    ///
    /// One is made where none is given.
    public var key: String

    /// Makes a submission.
    public init(_ spec: JobSpec, key: String? = nil) {
        self.spec = spec
        self.key = key ?? Submission.newKey()
    }

    /// A key that nobody else has: 128 random bits.
    public static func newKey() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("auto-".utf8)
        for _ in 0..<2 {
            let number = generator.next()
            for shift in stride(from: UInt64(0), to: 64, by: 4) {
                text.append(digits[Int(number >> shift & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
