// SPDX-License-Identifier: Apache-2.0
// Reelwork: an attempt handed out in a simulated world

import ReelworkCore

/// An attempt that was handed out.
struct WorldHandOut: Hashable {
    var number: JobNumber
    var attempt: AttemptNumber
}
