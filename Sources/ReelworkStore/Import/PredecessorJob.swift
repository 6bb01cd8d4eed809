// SPDX-License-Identifier: Apache-2.0
// Reelwork: a row of the predecessor's table jobs

/// A row of the predecessor's table `jobs`: texts as they stand there, for no column is trusted.
///
/// A column that an older file lacks is nil, as NULL is.
package struct PredecessorJob: Hashable, Sendable {
    /// Where the row stands; nil where the table has no rowid.
    package var row: Int64?
    /// Its universal id.
    package var id: String?
    /// The number that people knew it by.
    package var sequenceNumber: String?
    /// What it was called, such as `4K60-h264`.
    package var scenario: String?
    /// How sure the predecessor was of its scenario.
    package var confidence: String?
    /// `auto`, `ffmpeg` or `gstreamer`.
    package var engine: String?
    /// A JSON object.
    package var parameters: String?
    /// The state's name.
    package var status: String?
    /// `live`, `default` or `batch`.
    package var queue: String?
    /// `high`, `medium` or `low`.
    package var priority: String?
    /// The id of the node that holds or held it last.
    package var nodeID: String?
    /// When it was accepted.
    package var createdAt: String?
    /// When it started.
    package var startedAt: String?
    /// When its worker said something last.
    package var lastActivityAt: String?
    /// When it ended.
    package var completedAt: String?
    /// Retries so far.
    package var retryCount: String?
    /// Retries at most.
    package var maxRetries: String?
    /// Why it was tried again.
    package var retryReason: String?
    /// The last error in words.
    package var error: String?
    /// The class of the last failure.
    package var failureReason: String?
    /// The end of the worker's log.
    package var log: [UInt8] = []
    /// How long the whole log is.
    package var logBytes: Int64 = 0
    /// A JSON array of `{from, to, timestamp, reason}`.
    package var stateTransitions: String?

    /// Makes a row that says nothing.
    package init() {}

    /// What it takes in memory, about.
    var byteCount: Int {
        512 + log.count + (parameters?.utf8.count ?? 0) + (stateTransitions?.utf8.count ?? 0)
    }
}
