// SPDX-License-Identifier: Apache-2.0
// Reelwork: strict whole numbers

/// Strict whole numbers: digits only, no sign, no space, no overflow.
public enum WholeNumber {
    /// Reads 1 to 20 decimal digits; nil for anything else and where the value does not fit.
    public static func parse(_ bytes: some Collection<UInt8>) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 20 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !isTooLarge, !isOver else { return nil }
            value = sum
        }
        return value
    }
}
