// SPDX-License-Identifier: Apache-2.0
// Reelwork: how the peers of a crowd behave

/// How the peers of a crowd behave.
enum CrowdManner: String, CaseIterable, Sendable {
    /// A worker without work: a heartbeat every five seconds.
    case idle
    /// It connects and says nothing.
    case silent
    /// It shakes hands, then sends a request one byte a second.
    case dripping
    /// It shakes hands, asks for pages of jobs and reads nothing.
    case deaf
}
