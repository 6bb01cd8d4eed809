// SPDX-License-Identifier: Apache-2.0
// Reelwork: why the failing disk could not be used

/// Why the failing disk could not be used.
enum CrashDiskError: Error {
    case notInstalled
    /// A file could not be brought into the state after the crash.
    case unsettled
}
