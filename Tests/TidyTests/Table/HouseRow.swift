// SPDX-License-Identifier: Apache-2.0
// Reelwork: what one target may import.

/// What one target may import, and where in the house it stands.
struct HouseRow {
    /// From the cellar to the roof; a floor may import its own and what lies below.
    enum Place: Int, Comparable {
        case cellar, ground, first, second, third, side, roof, tests

        static func < (left: Place, right: Place) -> Bool { left.rawValue < right.rawValue }

        /// Whether it is one of the floors that may not know a side room.
        var isFloor: Bool { self < .side }
    }

    let target: String
    let folder: String
    let place: Place
    /// Targets of this package.
    let ours: Set<String>
    /// Modules of other packages and of the toolchain, beyond `HouseTable.always`.
    let others: Set<String>

    init(
        _ target: String,
        _ place: Place,
        ours: Set<String> = [],
        others: Set<String> = [],
        in folder: String? = nil
    ) {
        self.target = target
        self.folder = folder ?? "Sources/\(target)"
        self.place = place
        self.ours = ours
        self.others = others
    }
}
