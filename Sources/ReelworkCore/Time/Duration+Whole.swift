// SPDX-License-Identifier: Apache-2.0
// Reelwork: durations as whole numbers

extension Duration {
    /// Whole milliseconds, rounded towards zero and held at the ends of `Int64`.
    public var wholeMilliseconds: Int64 {
        whole(perSecond: 1000, attosecondsPerUnit: 1_000_000_000_000_000)
    }

    /// Whole nanoseconds, rounded towards zero and held at the ends of `Int64`.
    public var wholeNanoseconds: Int64 {
        whole(perSecond: 1_000_000_000, attosecondsPerUnit: 1_000_000_000)
    }

    /// Seconds as a fraction, for people and for JSON.
    public var seconds: Double {
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    private func whole(perSecond: Int64, attosecondsPerUnit: Int64) -> Int64 {
        let parts = components
        let (product, overflow) = parts.seconds.multipliedReportingOverflow(by: perSecond)
        let (sum, carried) = product.addingReportingOverflow(parts.attoseconds / attosecondsPerUnit)
        guard !overflow, !carried else { return parts.seconds < 0 ? .min : .max }
        return sum
    }
}
