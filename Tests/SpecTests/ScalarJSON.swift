// SPDX-License-Identifier: Apache-2.0
// Reelwork: single values as the vectors write them

import ReelworkCore
import ReelworkWire

/// A single value as the vectors write it.
protocol ScalarJSON {
    var scalar: JSONValue { get }
}

extension UInt8: ScalarJSON { var scalar: JSONValue { .number("\(self)") } }
extension UInt16: ScalarJSON { var scalar: JSONValue { .number("\(self)") } }
extension UInt32: ScalarJSON { var scalar: JSONValue { .number("\(self)") } }
extension UInt64: ScalarJSON { var scalar: JSONValue { .number("\(self)") } }
extension Int64: ScalarJSON { var scalar: JSONValue { .number("\(self)") } }
extension Bool: ScalarJSON { var scalar: JSONValue { .bool(self) } }
extension String: ScalarJSON { var scalar: JSONValue { .string(self) } }
extension Double: ScalarJSON {
    var scalar: JSONValue {
        if isNaN { return .string("NaN") }
        if isInfinite { return .string(self < 0 ? "-Infinity" : "Infinity") }
        return Int64(exactly: self).map { .number("\($0)") } ?? .number("\(self)")
    }
}
extension Duration: ScalarJSON { var scalar: JSONValue { wholeMilliseconds.scalar } }
extension Timestamp: ScalarJSON { var scalar: JSONValue { milliseconds.scalar } }
extension JobNumber: ScalarJSON { var scalar: JSONValue { rawValue.scalar } }
extension AttemptNumber: ScalarJSON { var scalar: JSONValue { rawValue.scalar } }
extension Permissions: ScalarJSON { var scalar: JSONValue { rawValue.scalar } }
extension JobID: ScalarJSON {
    var scalar: JSONValue { .string(description.replacing("-", with: "")) }
}
extension OpenEnum: ScalarJSON {
    var scalar: JSONValue { .number("\(rawValue)") }
}
extension Array: ScalarJSON where Element == UInt8 {
    var scalar: JSONValue {
        let digits = [Character]("0123456789abcdef")
        return .string(
            String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        )
    }
}
