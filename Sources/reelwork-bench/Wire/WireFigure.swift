// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a load measured

/// What a load measured: how fast, and what a request cost the server.
struct WireFigure {
    var perSecond: Double
    /// The server's, all its threads and the kernel's work for them included.
    var processorTime: Duration
    /// What a request's event loop asked of the heap; 0 where that is not counted.
    var allocations: Double
}
