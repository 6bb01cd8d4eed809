// SPDX-License-Identifier: Apache-2.0
// Reelwork: durations as people write them

extension Duration {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Reads a duration as people write it: `10s`, `2m`, `1h30m`, `250ms`, `1.5h`, or a plain
    /// number of seconds.
    ///
    /// At most ``Limits/horizonMax`` and nothing negative; nil for anything else.
    public init?(text: String) {
        let found = Duration.plain(text) ?? Duration.sum(text)
        guard let found else { return nil }
        let duration = Duration.milliseconds(found)
        guard duration <= Limits.horizonMax else { return nil }
        self = duration
    }

    private static func plain(_ text: String) -> Int64? { milliseconds(text[...], unit: 1_000) }

    /// Numbers with units, the larger unit first.
    private static func sum(_ text: String) -> Int64? {
        var rest = text[...]
        var total: Int64 = 0
        var before = Int64.max
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[number.endIndex...]
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest[name.endIndex...]
            guard let unit = units.first(where: { $0.name == name })?.milliseconds, unit < before,
                let value = milliseconds(number, unit: unit)
            else { return nil }
            before = unit
            let (sum, overflow) = total.addingReportingOverflow(value)
            guard !overflow else { return nil }
            total = sum
        }
        return text.isEmpty ? nil : total
    }

    /// Digits with at most one point among them, as so many units.
    private static func milliseconds(_ text: Substring, unit: Int64) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = digits(parts[0]) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return product }
        guard parts[1].count <= 6, let fraction = digits(parts[1]) else { return nil }
        let divisor = parts[1].reduce(Int64(1)) { scale, _ in scale * 10 }
        let (sum, carried) = product.addingReportingOverflow(fraction * unit / divisor)
        return carried ? nil : sum
    }

    private static func digits(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }
}
