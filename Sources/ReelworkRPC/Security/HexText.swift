// SPDX-License-Identifier: Apache-2.0
// Reelwork: bytes as hexadecimal text.

/// Bytes as lowercase hexadecimal text.
package enum HexText {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two digits a byte.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil where it is no lowercase hexadecimal of whole bytes.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = digits.firstIndex(of: digit).map({ UInt8($0) }) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }
}
