// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a process asks of the heap

import Foundation

/// Counts what a process asks of the heap, thread by thread, by a library that is loaded into it.
///
/// Source of the file's form: `Tests/AllocationCount/include/allocation_count.h`.
struct AllocationCounter {
    static let library = "libReelworkAllocationCount.so"
    private static let placeBytes = 64
    private static let places = 256

    private let library: URL
    private let file: URL

    /// Makes the counts' file in `folder`; throws where the library is not beside this program.
    init(in folder: URL, beside program: URL) throws {
        library = program.deletingLastPathComponent()
            .appendingPathComponent(AllocationCounter.library)
        guard FileManager.default.fileExists(atPath: library.path) else {
            throw BenchError(
                "`\(AllocationCounter.library)` is not beside this program; build it there: "
                    + "swift build -c release --product ReelworkAllocationCount"
            )
        }
        file = folder.appendingPathComponent("allocations")
        try Data(count: AllocationCounter.places * AllocationCounter.placeBytes).write(to: file)
    }

    /// What the process must be started with.
    var environment: [String: String] {
        ["LD_PRELOAD": library.path, "REELWORK_ALLOCATION_COUNT": file.path]
    }

    /// Calls so far of the threads with these numbers.
    func calls(of threads: Set<UInt64>) throws -> Int {
        let bytes = [UInt8](try Data(contentsOf: file))
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: AllocationCounter.placeBytes).reduce(0) {
                sum,
                at in
                let thread = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                guard threads.contains(thread) else { return sum }
                return sum + bytes.loadUnaligned(fromByteOffset: at + 8, as: Int.self)
            }
        }
    }
}
