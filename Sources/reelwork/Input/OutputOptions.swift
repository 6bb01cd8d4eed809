// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a command prints

import ArgumentParser

/// How a command prints.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON: one object, or one object a line for lists.")
    var json = false
}
