// SPDX-License-Identifier: Apache-2.0
// Reelwork: how many control frames a peer may send.

internal import ReelworkCore

// Invariants: `whole` is never more than Limits.controlFramesBurst intervals after the last `now`;
// `cancelsPaid` ≤ the REQUESTs that came.

/// How many control frames a peer may send: some at once, then so many a second.
///
/// A leaking bucket that needs no clock of its own: `whole` is when all that was spent is earned
/// again. Each REQUEST pays for one CANCEL, so that as many as were asked can always be canceled,
/// however fast.
struct ControlBudget: Hashable, Sendable {
    private var whole: BootInstant
    private var cancelsPaid: UInt64 = 0

    /// Makes a budget of which nothing is spent.
    init(now: BootInstant) {
        whole = now
    }

    /// A REQUEST came.
    mutating func payForCancel() {
        let (sum, overflow) = cancelsPaid.addingReportingOverflow(1)
        if !overflow { cancelsPaid = sum }
    }

    /// Spends one CANCEL; false where there were too many.
    mutating func spendCancel(_ now: BootInstant) -> Bool {
        guard cancelsPaid == 0 else {
            cancelsPaid -= 1
            return true
        }
        return spend(1, now)
    }

    /// Spends so many frames; false where there were too many.
    mutating func spend(_ count: Int, _ now: BootInstant) -> Bool {
        let burst = Limits.controlFramesBurst
        guard count <= burst else { return false }
        let interval = Duration.seconds(1) / Limits.controlFramesPerSecond
        let next = max(whole, now).advanced(by: interval * max(count, 0))
        guard next.since(now) <= interval * burst else { return false }
        whole = next
        return true
    }
}
