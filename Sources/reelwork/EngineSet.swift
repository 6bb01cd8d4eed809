// SPDX-License-Identifier: Apache-2.0
// Reelwork: the engines that this program is built with

import FFmpegEngine
import GStreamerEngine
import ReelworkEngineKit
import ReelworkWorker

/// The engines that this program is built with.
enum EngineSet {
    /// All of them, in the order in which `auto` asks those that are equally good.
    static func registry() throws(CommandFailure) -> EngineRegistry {
        var registry = EngineRegistry()
        do throws(EngineRefusal) {
            try registry.register(FFmpegEngine())
            try registry.register(GStreamerEngine())
        } catch {
            throw CommandFailure("an engine cannot be registered: \(error.message)")
        }
        return registry
    }

    /// Runs commands under the helper beside this program.
    static func commands() throws(CommandFailure) -> CommandRunner {
        guard let helper = CommandRunner.helperPath() else {
            throw CommandFailure(
                "reelwork-exec is not there",
                advice: "install it beside the program reelwork"
            )
        }
        return CommandRunner(helper: helper)
    }
}
