// SPDX-License-Identifier: Apache-2.0
// Reelwork: log records as lines

package import Logging
import ReelworkCore
import ReelworkSystem

/// Log records as lines of a queue: time, level, message, then the fields.
///
/// Control bytes are escaped and values with spaces stand in quotes, so that no text of a user can
/// forge a line or a field.
package struct QueuedLogHandler: LogHandler {
    /// Fields of every record.
    package var metadata: Logger.Metadata = [:]
    /// Records below it are not written.
    package var logLevel: Logger.Level
    private let queue: LogQueue

    /// Makes a handler.
    package init(queue: LogQueue, level: Logger.Level = .info) {
        self.queue = queue
        logLevel = level
    }

    /// Reads or sets a field of every record.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a record.
    package func log(event: LogEvent) {
        var line = "\(SystemClock.wall().text) \(event.level.rawValue.uppercased()) "
        line += LogText.escaped("\(event.message)")
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(LogText.field("\(value)"))"
        }
        queue.add(line)
    }
}
