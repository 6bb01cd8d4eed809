// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is to be detected

import ArgumentParser

/// What is to be detected, and what is measured of it.
enum DetectCase: String, CaseIterable, ExpressibleByArgument {
    /// A worker's process is killed; it came over the Unix socket.
    case killed
    /// The same over TCP, where only the end of its lease says it.
    case lost
    /// A worker's process is stopped, as by SIGSTOP or a machine that hangs.
    case frozen
    /// An encode passes its limit without progress.
    case deadline
    /// An encode hangs on a worker that lives.
    case stall
    /// The scheduler is killed while workers encode.
    case restart
    /// A running encode is canceled.
    case cancel
}
