// SPDX-License-Identifier: Apache-2.0
// Reelwork: containers by ending, and locations

import EngineTestKit
import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: the ending alone chooses the container, whatever else is in the name. Method: a table.
struct MediaContainerTests {
    @Test(
        arguments: [
            ("/a/b.mp4", MediaContainer.mp4), ("/a/b.M4V", .mp4), ("/a/b.mov", .mov),
            ("/a/b.mkv", .matroska), ("/a/b.webm", .webm), ("/a/x.mp4.mkv", .matroska),
            ("/a/! \"x\\.mp4", .mp4), ("/a/b", nil), ("/a.mp4/b", nil), ("/a/.mp4", nil),
            ("/a/b.", nil), ("/a/b.mp4 ", nil), ("/a/b.mp4\u{0}", nil), ("", nil),
            ("/a/b.avi", nil),
            ("/a/b.mp4/", .mp4), ("/a/b.aaaaaaaaaaaaaaaaaaaaaaaa", nil),
        ] as [(String, MediaContainer?)]
    )
    func theEndingChooses(path: String, container: MediaContainer?) {
        #expect(MediaContainer(path: path) == container)
    }

    @Test
    func anUnknownEndingIsRefusedWithTheKnownOnes() {
        let refusal = #expect(throws: EngineRefusal.self) {
            try TestTable.read([:], to: "/a/b.avi")
        }
        #expect(refusal?.kind == .invalidLocation)
        #expect(refusal?.message.contains(".mp4, .m4v, .mov, .mkv, .webm") == true)
    }

    @Test(arguments: [
        ("/a", MediaLocation.file), ("rtmp://h/a", .stream), ("RTMPS://h/a", .stream),
        ("srt://h:1", .stream), ("udp://h:1", .stream), ("rtp://h:1", .stream), ("a", .other),
        ("http://h/a", .other), ("concat:/a|/b", .other), ("", .other), ("file:/a", .other),
    ])
    func locationsAreTold(text: String, location: MediaLocation) {
        #expect(MediaLocation(text) == location)
    }

    @Test(arguments: [
        ("/a.mp4", "/a.mp4", EngineRefusal.Kind.invalidLocation, "same file"),
        ("a.mp4", "/b.mp4", .invalidLocation, "must be an absolute path"),
        ("/a.mp4", "concat:b.mp4", .invalidLocation, "must be an absolute path"),
        ("/a.mp4", "rtmp://h/b", .unsupported, "is a stream"),
        ("/a\u{0}.mp4", "/b.mp4", .invalidLocation, "none zero"),
        ("/" + String(repeating: "a", count: 1 << 20), "/b.mp4", .invalidLocation, "at most"),
    ])
    func whatIsNoFileIsRefused(
        input: String,
        output: String,
        kind: EngineRefusal.Kind,
        words: String
    ) {
        let job = JobSpec(input: input, output: output)
        let refusal = #expect(throws: EngineRefusal.self) {
            try MediaLocation.requireFiles(job, engine: "test")
        }
        #expect(refusal?.kind == kind)
        #expect(refusal?.message.contains(words) == true)
        #expect((refusal?.message.utf8.count ?? 0) < 512)
    }
}
