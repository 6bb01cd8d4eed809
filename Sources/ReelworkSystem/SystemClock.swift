// SPDX-License-Identifier: Apache-2.0
// Reelwork: the machine's clocks

import CReelworkSystem
import Glibc
package import ReelworkCore

/// The machine's clocks, read in one place: machines are given what it says.
package enum SystemClock {
    /// Now, on both clocks (clock_gettime(2)).
    package static func now() -> Moment {
        Moment(boot: boot(), wall: wall())
    }

    /// Now on the boot-time clock.
    package static func boot() -> BootInstant {
        BootInstant(nanoseconds: Int64(clamping: reelwork_boottime_nanoseconds()))
    }

    /// Now on the wall clock.
    package static func wall() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
