// SPDX-License-Identifier: Apache-2.0
// Reelwork: a variable of a command's environment

/// A variable of a command's environment.
public struct EnvironmentValue: Hashable, Sendable {
    /// The variable's name.
    public var name: String
    /// Its value.
    public var value: String

    /// Makes a variable.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Messages in English and bytes as they are, so that they can be read by a program.
    public static let plainLocale = EnvironmentValue(name: "LC_ALL", value: "C")
}
