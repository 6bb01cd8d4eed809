// SPDX-License-Identifier: Apache-2.0
// Reelwork: the fixed names in a scratch folder

/// The fixed names in an attempt's scratch folder, which is the working directory of every command.
///
/// Both are symbolic links that the worker makes: file names of users never reach a program's
/// arguments, where they could be options, protocols or pipeline code.
public enum ScratchNames {
    /// A link to the input file.
    public static let input = "in"
    /// A link to the part file beside the output, which exists before the encoder starts.
    public static let output = "out"
}
