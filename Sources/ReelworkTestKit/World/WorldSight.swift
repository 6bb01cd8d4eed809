// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is worth seeing in simulated worlds

/// What is worth seeing in simulated worlds: a test that never sees it proves nothing about it.
package enum WorldSight: String, CaseIterable, Hashable, Sendable {
    /// A lost attempt was taken up again by the worker that still ran it.
    case adopt
    /// A held attempt was the current one.
    case keep
    /// A held attempt no longer counted.
    case kill
    /// A held attempt's end was known.
    case done
    /// A report of an attempt that no longer holds its job.
    case staleReport = "stale-report"
    /// A later attempt found the film of an earlier one.
    case earlierFilm = "earlier-film"
    /// An assignment that never reached its worker.
    case lostAssignment = "lost-assignment"
    /// A job waits for its next attempt.
    case retry
    /// A job's retries are spent.
    case exhaustion
    /// A cancel was refused because the film may be on its way to its place.
    case publishingRefusal = "publishing-refusal"
    /// A heartbeat told of another set of attempts.
    case digestMismatch = "digest-mismatch"
    /// A worker's lease ran out.
    case leaseEnd = "lease-end"
    /// A session took the place of an older one.
    case superseded
    /// A silent connection was given up.
    case silentEnd = "silent-end"
    /// A handshake took too long.
    case handshakeEnd = "handshake-end"
    /// A part was moved aside by a later attempt before its late rename.
    case latePublish = "late-publish"
    /// An attempt that only looks for an earlier film.
    case lookOnly = "look-only"
    /// An attempt was taken back.
    case revoke
    /// A tenant had all that it may have.
    case tenantCap = "tenant-cap"
    /// A queue was paused.
    case queuePause = "queue-pause"
    /// A job was put before all others of its tenant.
    case bump
    /// A job was given up, for agents died under it.
    case quarantine
    /// A worker that failed what others finished gets nothing more.
    case cordon
    /// A worker was removed.
    case removal
    /// A drain took back what was left.
    case drainEnd = "drain-end"
}
