// SPDX-License-Identifier: Apache-2.0
// Reelwork: a call of the system that failed in a test.

struct SystemFailure: Error {
    var number: Int32
}
