// SPDX-License-Identifier: Apache-2.0
// Reelwork: the one folder of a simulated world

import ReelworkCore
import ReelworkWorker

/// The one folder of a simulated world: parts and films, as the publish step sees them.
struct WorldFiles {
    struct Film: Hashable {
        var job: JobID
        var origin: AttemptNumber
        var film: Grant
    }

    private(set) var parts: Set<AttemptKey> = []
    private(set) var films: [String: Film] = [:]
    /// Every publication that ever happened, a job.
    private(set) var publications: [JobID: Int] = [:]

    /// Removes the older parts of a job, makes the attempt's own, and looks at the output.
    ///
    /// With `keepsParts` the older parts are left, as they must not be.
    mutating func prepare(
        _ assignment: Assignment,
        output: String,
        keepsParts: Bool
    ) -> AttemptLook {
        if !keepsParts {
            parts = parts.filter { $0.id != assignment.id || $0.origin >= assignment.attempt }
        }
        if let film = films[output] {
            for grant in assignment.granted
            where film.film.size == grant.size && film.film.checksum == grant.checksum {
                return .earlierFilm(
                    grant,
                    ReportItem.Film(
                        output: output,
                        size: grant.size,
                        mediaDuration: .seconds(10),
                        checksum: grant.checksum
                    )
                )
            }
            return .foreignFile
        }
        parts.insert(AttemptKey(id: assignment.id, origin: assignment.attempt))
        return .clear
    }

    /// Moves a part to its place; false where it was removed, nil where another film stands there.
    mutating func publish(_ key: AttemptKey, output: String, film: Grant) -> Bool? {
        guard parts.contains(key) else { return false }
        guard films[output] == nil else { return nil }
        parts.remove(key)
        films[output] = Film(job: key.id, origin: key.origin, film: film)
        publications[key.id, default: 0] += 1
        return true
    }

    mutating func removePart(_ key: AttemptKey) { parts.remove(key) }

    func hasPart(_ key: AttemptKey) -> Bool { parts.contains(key) }
}
