// SPDX-License-Identifier: Apache-2.0
// Reelwork: many short jobs at once

import Foundation
import ReelworkClient
import ReelworkCore
import Testing

/// Many short jobs of the fake engine, submitted at once, whose publications are counted.
struct FilmBatch {
    private let house: House
    private let count: Int
    private let watch: FolderWatch
    /// The lines of the fake engine's log before the first job.
    private let linesBefore: Int

    /// A job has two lines each of its probe, its encode and its verification.
    private static let linesEach = 6

    /// Submits the jobs by the command line.
    static func submit(
        _ count: Int,
        in house: House,
        overwrite: Bool = false
    ) async throws -> FilmBatch {
        try house.write("fake MS=5", to: "film.in")
        let films = house.path + "/films"
        try FileManager.default.createDirectory(atPath: films, withIntermediateDirectories: true)
        let batch = FilmBatch(
            house: house,
            count: count,
            watch: try FolderWatch(films),
            linesBefore: house.fake.count
        )
        let answer = try await house.reelwork(
            [
                "submit", "--engine", "ffmpeg", "--input", "\(house.media)/film.in",
                "--output", "\(films)/{n}.mp4", "--count", "\(count)",
            ] + (overwrite ? ["--overwrite"] : [])
        )
        guard answer.status == 0 else { throw Surprise("submit: \(answer)") }
        return batch
    }

    /// Random moments while the jobs run, as lines of the log, in order.
    func moments(_ wanted: Int) -> [Int] {
        (0..<wanted).map { _ in Int.random(in: 10..<(count * Self.linesEach * 9 / 10)) }.sorted()
    }

    /// Waits for a moment.
    func reach(_ moment: Int) async throws {
        try await eventually("line \(moment) of the log", within: .seconds(60)) {
            house.fake.count - linesBefore >= moment
        }
    }

    /// Waits for the end and expects each job completed, published once and lawful.
    ///
    /// - Returns: how many jobs took more than one attempt.
    func expectAll() async throws -> Int {
        let client = try await house.client()
        let done = try await eventually("all jobs", within: .seconds(120)) {
            let ended = try await all(client).filter { $0.state.value?.isTerminal ?? true }
            return ended.count == count ? ended : nil
        }
        #expect(done.filter { $0.state != .known(.completed) }.map(\.error) == [])
        let names = watch.movedIn().filter { $0.hasSuffix(".mp4") }
        #expect(names.count == count, "published \(names.count) times")
        #expect(Set(names) == Set((1...count).map { "\($0).mp4" }))
        for name in names {
            let path = house.path + "/films/" + name
            let film = FileManager.default.contents(atPath: path) ?? Data()
            #expect(film.starts(with: Data("fake-film frames=250 ".utf8)), "\(name)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: house.path + "/films")
            .filter { !names.contains($0) }
        #expect(left == [], "beside the films")
        for view in done {
            let moves = try await client.history(.number(view.number))
            HistoryLaw.expect(moves, .completed, view.number)
            #expect(moves.count { $0.to == .known(.completed) } == 1)
        }
        await client.close()
        let check = try await house.reelwork(["admin", "check", "--deep"])
        #expect(check.status == 0, "\(check)")
        return done.count { $0.attempt > AttemptNumber(1) }
    }

    private func all(_ client: ReelworkClient) async throws -> [JobView] {
        var jobs: [JobView] = []
        var cursor: [UInt8]?
        repeat {
            let page = try await client.jobs(JobQuery(limit: 500), cursor: cursor)
            jobs += page.jobs
            cursor = page.cursor
        } while cursor != nil
        return jobs
    }
}
