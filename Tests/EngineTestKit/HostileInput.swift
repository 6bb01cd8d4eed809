// SPDX-License-Identifier: Apache-2.0
// Reelwork: inputs that are hard to encode

import Foundation
public import ReelworkCore
public import ReelworkEngineKit

/// An input that is hard to encode or cannot be, and what must come of it.
public struct HostileInput: Sendable {
    /// What must come of it.
    public enum Outcome: Sendable {
        /// A verified film with so many frames and, where it is said, of this size and with sound.
        case encodes(ClosedRange<UInt64>, Resolution? = nil, hasSound: Bool? = nil)
        /// A failure of this class.
        case fails(FailureClass)
    }

    /// What is odd about it.
    public var name: String
    /// What must come of it.
    public var outcome: Outcome
    /// The job's parameters.
    public var parameters: [String: String] = [:]
    private var arguments: [String]
    private var ending: String
    private var spoil: @Sendable (inout [UInt8]) -> Void = { _ in }

    private init(
        _ name: String,
        _ outcome: Outcome,
        ending: String = "mkv",
        _ arguments: String,
        with parameters: [String: String] = [:],
        spoil: @escaping @Sendable (inout [UInt8]) -> Void = { _ in }
    ) {
        self.name = name
        self.outcome = outcome
        self.ending = ending
        self.arguments = arguments.split(separator: " ").map(String.init)
        self.parameters = parameters
        self.spoil = spoil
    }

    /// Makes the file with ffmpeg, from a film with picture and sound, `file:in`.
    ///
    /// - Returns: its path.
    public func make(in folder: ScratchFolder) async throws -> String {
        let made = folder.root.appendingPathComponent("hostile." + ending).path
        try folder.link(input: try await TestFilms.path(of: TestFilms.bunny, in: folder))
        try folder.link(output: made)
        let plan = CommandPlan(
            program: "ffmpeg",
            arguments: ["-nostdin", "-y", "-loglevel", "error"] + arguments + ["file:out"],
            output: .kept(bytesMax: 4_096)
        )
        let outcome = try await folder.run(plan, parser: NoProgress())
        guard outcome.isSuccess else { throw EngineFailure.invalidOutput(outcome.logText) }
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: made)))
        spoil(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: made))
        return made
    }

    private static let film = "-i file:in "
    private static let x264 = "-c:v libx264 -preset ultrafast "
    private static let tone = "-f lavfi -i sine=duration=2 "
    private static let longTone = "-f lavfi -i sine=duration=4 "

    private static func picture(_ size: String, _ seconds: String = "2") -> String {
        "-f lavfi -i testsrc=size=\(size):rate=25:duration=\(seconds) "
    }

    /// Frames 0 to 49 every 40 ms, the other 82 every 100 ms.
    private static let uneven =
        "-vf setpts='if(lt(N,50),N*40,2000+(N-50)*100)/1000/TB' -fps_mode vfr -an "

    /// All of them.
    public static let all: [HostileInput] = pictures + sounds + times + broken

    private static let pictures = [
        HostileInput(
            "odd sides, 4:4:4",
            .encodes(50...50, Resolution(width: 320, height: 240)),
            picture("321x241") + x264 + "-pix_fmt yuv444p -f matroska"
        ),
        HostileInput(
            "odd width alone",
            .encodes(50...50, Resolution(width: 320, height: 240)),
            picture("321x240") + "-c:v ffv1 -f matroska"
        ),
        HostileInput(
            "odd sides, rescaled",
            .encodes(50...50, Resolution(width: 64, height: 48)),
            picture("321x241") + "-c:v ffv1 -f matroska",
            with: ["resolution": "64x48"]
        ),
        HostileInput(
            "8 by 8 pixels",
            .encodes(50...50, Resolution(width: 8, height: 8)),
            picture("8x8") + x264 + "-f matroska"
        ),
        HostileInput(
            "10 bits, high profile",
            .encodes(50...50),
            picture("64x64") + x264 + "-pix_fmt yuv420p10le -f matroska"
        ),
        HostileInput(
            "turned by 90°",
            .encodes(131...133),
            ending: "mp4",
            film + "-c copy -metadata:s:v:0 rotate=90 -f mp4"
        ),
        HostileInput(
            "an animated GIF",
            .encodes(25...25),
            ending: "gif",
            picture("64x64", "1") + "-f gif"
        ),
        HostileInput(
            "one frame",
            .encodes(1...1),
            ending: "mp4",
            picture("64x64", "0.04") + x264 + "-f mp4"
        ),
        HostileInput(
            "Motion JPEG in AVI",
            .encodes(24...26),
            ending: "avi",
            film + "-t 1 -an -c:v mjpeg -f avi"
        ),
    ]

    private static let sounds = [
        HostileInput("no sound", .encodes(132...132), film + "-an -c copy -f matroska"),
        HostileInput(
            "sound alone",
            .fails(.inputError),
            ending: "m4a",
            film + "-vn -c copy -f mp4"
        ),
        HostileInput(
            "sound and a cover picture",
            .fails(.inputError),
            ending: "m4a",
            tone + picture("64x64", "0.04")
                + "-map 0 -map 1 -c:a aac -c:v mjpeg -disposition:v:0 attached_pic -f mp4"
        ),
        HostileInput(
            "two sounds before the picture",
            .encodes(132...132),
            film + "-map 0:a -map 0:a -map 0:v -c copy -f matroska"
        ),
        HostileInput(
            "30 streams",
            .encodes(50...50),
            picture("64x64") + tone
                + String(repeating: "-map 0:v -map 1:a ", count: 15) + x264 + "-c:a aac -f matroska"
        ),
        HostileInput(
            "PCM of 8 kHz",
            .encodes(50...50),
            picture("64x64") + tone + x264 + "-c:a pcm_s16le -ar 8000 -ac 1 -f matroska"
        ),
        // GStreamer's demuxer of MP4 hides a track that plays less than a fifth of the file.
        HostileInput(
            "sound that ends early",
            .encodes(132...132, hasSound: true),
            "-t 1 " + film + film + "-map 1:v -map 0:a -c copy -f matroska"
        ),
        HostileInput(
            "sound that ends early in MP4",
            .encodes(132...132, hasSound: true),
            ending: "mp4",
            "-t 1 " + film + film + "-map 1:v -map 0:a -c copy -f mp4"
        ),
        HostileInput(
            "sound that ends early in MP4, left out",
            .encodes(132...132, hasSound: false),
            ending: "mp4",
            "-t 1 " + film + film + "-map 1:v -map 0:a -c copy -f mp4",
            with: ["audio": "none"]
        ),
        HostileInput(
            "a picture that ends early",
            .encodes(10...10, hasSound: true),
            picture("64x64", "0.4") + longTone + x264 + "-c:a aac -pix_fmt yuv420p -f matroska"
        ),
        HostileInput(
            "a picture that ends early in MP4",
            .encodes(10...10, hasSound: true),
            ending: "mp4",
            picture("64x64", "0.4") + longTone + x264 + "-c:a aac -pix_fmt yuv420p -f mp4"
        ),
    ]

    private static let times = [
        HostileInput(
            "uneven frames in Matroska",
            .encodes(132...132),
            film + uneven + x264 + "-f matroska"
        ),
        HostileInput(
            "uneven frames in MP4",
            .encodes(132...132),
            ending: "mp4",
            film + uneven + x264 + "-f mp4"
        ),
        HostileInput(
            "uneven frames made even",
            .encodes(250...256),
            film + uneven + x264 + "-f matroska",
            with: ["fps": "25"]
        ),
        HostileInput(
            "uneven frames, cut",
            .encodes(60...60),
            film + uneven + x264 + "-f matroska",
            with: ["duration": "3"]
        ),
        HostileInput(
            "sound that begins late",
            .encodes(131...133),
            ending: "mp4",
            film + "-itsoffset 1.5 " + film + "-map 0:v -map 1:a -c copy -f mp4"
        ),
        HostileInput(
            "a picture that begins late",
            .encodes(131...133),
            film + "-itsoffset 1.5 " + film + "-map 1:v -map 0:a -c copy -f matroska"
        ),
        HostileInput(
            "cut by an edit list",
            .encodes(70...132),
            ending: "mp4",
            "-ss 2.3 " + film + "-c copy -f mp4"
        ),
        HostileInput(
            "a transport stream",
            .encodes(131...133),
            ending: "ts",
            film + "-c copy -f mpegts"
        ),
        HostileInput(
            "a fragmented MP4",
            .encodes(132...132),
            ending: "mp4",
            film + "-c copy -movflags frag_keyframe+empty_moov -f mp4"
        ),
    ]

    private static let broken = [
        HostileInput(
            "no frame",
            .fails(.inputError),
            ending: "mp4",
            picture("64x64") + x264 + "-frames:v 0 -f mp4"
        ),
        HostileInput(
            "no frame in Matroska",
            .fails(.inputError),
            picture("64x64") + x264 + "-frames:v 0 -f matroska"
        ),
        HostileInput(
            "an MP4 that lost its index",
            .fails(.inputError),
            ending: "mp4",
            film + "-c copy -f mp4",
            spoil: { $0 = Array($0.prefix($0.count / 2)) }
        ),
        HostileInput(
            "an MP4 with its index that lost its end",
            .fails(.inputError),
            ending: "mp4",
            film + "-c copy -movflags +faststart -f mp4",
            spoil: { $0 = Array($0.prefix($0.count / 2)) }
        ),
        HostileInput(
            "a Matroska file that lost its end",
            .fails(.inputError),
            film + "-c copy -f matroska",
            spoil: { $0 = Array($0.prefix($0.count / 2)) }
        ),
        HostileInput(
            "an MP4 with a corrupt middle",
            .fails(.runtimeError),
            ending: "mp4",
            film + "-c copy -movflags +faststart -f mp4",
            spoil: corrupt
        ),
        HostileInput(
            "a Matroska file with a corrupt middle",
            .fails(.inputError),
            film + "-c copy -f matroska",
            spoil: corrupt
        ),
        HostileInput(
            "noise",
            .fails(.inputError),
            film + "-c copy -f matroska",
            spoil: { drown(&$0, 0..<$0.count) }
        ),
    ]

    /// The fifth in the middle.
    private static func corrupt(_ bytes: inout [UInt8]) {
        drown(&bytes, bytes.count * 2 / 5..<bytes.count * 3 / 5)
    }

    private static func drown(_ bytes: inout [UInt8], _ range: Range<Int>) {
        for index in range { bytes[index] = UInt8(index % 251) ^ 0x5A }
    }
}
