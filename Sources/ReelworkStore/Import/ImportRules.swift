// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an import must know of specs and engines

package import ReelworkCore

/// What an import must know of specs and engines, which this room does not.
package struct ImportRules: Sendable {
    /// A spec's bytes.
    package var encode: @Sendable (JobSpec) -> [UInt8]
    /// A stored spec again; nil where its bytes cannot be read.
    package var decode: @Sendable ([UInt8]) -> JobSpec?
    /// Why a spec can never run, in words; nil where it can.
    package var problem: @Sendable (JobSpec) -> String?

    /// Makes the rules.
    package init(
        encode: @escaping @Sendable (JobSpec) -> [UInt8],
        decode: @escaping @Sendable ([UInt8]) -> JobSpec?,
        problem: @escaping @Sendable (JobSpec) -> String?
    ) {
        self.encode = encode
        self.decode = decode
        self.problem = problem
    }
}
