// SPDX-License-Identifier: Apache-2.0
// Reelwork: writes what a fuzzer begins with

internal import Foundation

/// Writes what a fuzzer begins with.
package enum FuzzSeeds {
    /// Writes the inputs into the folder that REELWORK_FUZZ_SEEDS names, and ends the program;
    /// without that variable it does nothing.
    ///
    /// libFuzzer calls it before anything else, through `LLVMFuzzerInitialize`.
    package static func writeWhereAsked(_ make: ([FuzzVector]) -> [(String, [UInt8])]) -> CInt {
        guard let folder = ProcessInfo.processInfo.environment["REELWORK_FUZZ_SEEDS"] else {
            return 0
        }
        let seeds = make(FuzzVector.all())
        for (name, bytes) in seeds {
            let url = URL(filePath: folder).appending(path: name)
            guard (try? Data(bytes).write(to: url)) != nil else {
                Invariant.fail("\(url.path) cannot be written")
            }
        }
        exit(seeds.isEmpty ? 1 : 0)
    }
}
