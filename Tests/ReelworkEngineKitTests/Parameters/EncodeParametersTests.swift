// SPDX-License-Identifier: Apache-2.0
// Reelwork: text of submitters becomes typed values, or a clear refusal

import EngineTestKit
import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: every common parameter is read strictly, and what is refused is refused by name with what
// was expected and what came. Method: tables of good and bad values.
struct EncodeParametersTests {
    @Test
    func nothingGivenMeansTheDefaultsOfTheContainer() throws {
        let plain = try TestTable.read([:])
        #expect(plain.container == .mp4)
        #expect(plain.encoders == ["libx264", "aacx"])
        #expect(try TestTable.read([:], to: "/a/b.webm").encoders == ["vp9x", "opusx"])
    }

    @Test
    func everythingGivenIsReadAtOnce() throws {
        let read = try TestTable.read([
            "codec": "hevc", "crf": "20", "preset": "slow", "resolution": "1280x720",
            "fps": "30000/1001", "duration": "2.5s", "audio": "none",
        ])
        #expect(read.encoders == ["libx265"])
        #expect(read.crf == 20)
        #expect(read.preset == .slow)
        #expect(read.resolution == Resolution(width: 1_280, height: 720))
        #expect(read.frameRate == FrameRate(30_000, 1_001))
        #expect(read.duration == .milliseconds(2_500))
        #expect(read.audio == .none)
    }

    @Test(arguments: [
        ("h264", "libx264"), ("avc", "libx264"), ("fast264", "fast264"), ("h265", "libx265"),
        ("libx265", "libx265"), ("vp9", "vp9x"),
    ])
    func codecsAndEncodersAreChosenByName(word: String, encoder: String) throws {
        #expect(try TestTable.read(["codec": word, "audio": "none"]).encoders == [encoder])
    }

    @Test(
        arguments: [
            ("2M", 2_000_000), ("2.5M", 2_500_000), ("2500k", 2_500_000), ("1k", 1_000),
            ("1000", 1_000), ("1000M", 1_000_000_000), ("64.5K", 64_500),
        ] as [(String, UInt64)]
    )
    func bitratesAreRead(text: String, bits: UInt64) {
        #expect(EncodeParameters.bitrate(text) == bits)
    }

    // Lesson 12: a duration that was given as text was ignored.
    @Test(arguments: [
        ("10", 10_000), ("0.001", 1), ("10s", 10_000), ("2m", 120_000), ("1.5h", 5_400_000),
    ])
    func durationsAreRead(text: String, milliseconds: Int) {
        #expect(EncodeParameters.duration(text) == .milliseconds(milliseconds))
    }

    static let bad: [(String, [String])] = [
        ("codec", ["", "H264", "libx264 ", "x264", "h264;", "none", "libx264 -f"]),
        (
            "bitrate",
            ["", "0", "999", "-1", "2 M", "2MM", "M", "1e6", "0x10", "1001M", "NaN", "٣k", "2.M"]
        ),
        ("crf", ["", "52", "-1", "23.0", "abc", "+5", " 5", "99999999999999999999999"]),
        ("preset", ["", "Fast", "placebo", "0", "fast,", "none"]),
        (
            "resolution",
            [
                "", "1280", "1280x", "x720", "1280x721", "1281x720", "0x0", "14x14", "8194x16",
                "1280X720", "1280x720x2", "-2x720", "1280x720 ", "4294967298x16",
            ]
        ),
        (
            "fps",
            ["", "0", "0/1", "1/0", "-25", "1001", "25/", "/25", "25/1/1", "NaN", "inf", "1/3601"]
        ),
        (
            "duration",
            [
                "", "0", "0s", "0.0000001", "-1", "NaN", "inf", "abc", "10 s", "1d", "s", ".5",
                "5.",
                "1:30", "99999999999h", "315360001",
            ]
        ),
        ("audio", ["", "AAC", "mp3", "aac,opus", "off"]),
    ]

    @Test(arguments: bad)
    func whatDoesNotParseIsRefusedByName(name: String, values: [String]) {
        for value in values {
            let refusal = #expect(throws: EngineRefusal.self, "\(name)=\(value)") {
                try TestTable.read([name: value])
            }
            #expect(refusal?.kind == .invalidParameter, "\(name)=\(value)")
            #expect(refusal?.parameter == name)
            #expect(refusal?.message.contains("parameter \(name): expected ") == true)
            #expect(refusal?.message.contains("; came \"\(value)\"") == true)
        }
    }

    @Test(arguments: CommonParameter.allCases)
    func hugeAndControlValuesMakeShortCleanMessages(parameter: CommonParameter) {
        for value in [String(repeating: "x", count: 1 << 20), "a\u{0}\n\u{1b}[2J\u{202e}\""]
            + NastyTexts.all
        {
            let refusal = #expect(throws: EngineRefusal.self) {
                try TestTable.read([parameter.rawValue: value])
            }
            let message = refusal?.message ?? ""
            #expect(message.utf8.count < 1_024)
            #expect(message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            #expect(!message.contains("\u{202e}"))
        }
    }

    @Test(arguments: [
        ("codek", "codec"), ("Bitrate", "bitrate"), ("res", nil), ("presets", "preset"),
        ("frames", nil), ("crff", "crf"), ("durration", "duration"),
    ])
    func unknownNamesAreRefusedWithTheNearest(name: String, nearest: String?) {
        let refusal = #expect(throws: EngineRefusal.self) { try TestTable.read([name: "1"]) }
        #expect(refusal?.kind == .unknownParameter)
        #expect(refusal?.parameter == name)
        #expect(refusal?.message.contains("test knows no parameter \"\(name)\"") == true)
        if let nearest {
            #expect(refusal?.message.hasSuffix("did you mean \(nearest)?") == true)
        } else {
            #expect(refusal?.message.contains("it knows codec, bitrate, crf") == true)
        }
    }

    @Test
    func aSecretIsRefusedWithoutItsValue() {
        var job = TestTable.job([:])
        job.secrets = [Parameter(key: "password", value: "hunter2")]
        let refusal = #expect(throws: EngineRefusal.self) {
            try EncodeParameters(job, table: TestTable.all)
        }
        #expect(refusal?.parameter == "password")
        #expect(refusal?.message.contains("hunter2") == false)
    }

    @Test(arguments: [
        (["bitrate": "2M", "crf": "20"], EngineRefusal.Kind.conflict, "exclude each other"),
        (["codec": "copy", "crf": "20"], .conflict, "needs an encoder"),
        (["codec": "copy", "fps": "25"], .conflict, "needs an encoder"),
        (["codec": "copy", "resolution": "16x16"], .conflict, "needs an encoder"),
        (["crf": "51"], .unsupported, "takes 0 to 50; came 51"),
        (["codec": "fast264", "crf": "5"], .unsupported, "has no crf; use bitrate"),
        (["codec": "fast264", "preset": "fast"], .unsupported, "has no presets"),
        (["codec": "h265", "bitrate": "6M"], .unsupported, "at most 5000000; came 6000000"),
        (["codec": "av1"], .unsupported, "test does not do av1"),
    ])
    func whatDoesNotGoTogetherIsRefused(
        parameters: [String: String],
        kind: EngineRefusal.Kind,
        words: String
    ) {
        let refusal = #expect(throws: EngineRefusal.self) { try TestTable.read(parameters) }
        #expect(refusal?.kind == kind)
        #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "")")
    }

    @Test
    func aParameterGivenTwiceIsRefused() {
        var job = TestTable.job(["crf": "20"])
        job.parameters.append(Parameter(key: "crf", value: "21"))
        let refusal = #expect(throws: EngineRefusal.self) {
            try EncodeParameters(job, table: TestTable.all)
        }
        #expect(refusal?.kind == .conflict)
    }

    @Test
    func anEngineThatCannotCutSaysSo() {
        var table = TestTable.all
        table.canCut = false
        let refusal = #expect(throws: EngineRefusal.self) {
            try EncodeParameters(TestTable.job(["duration": "3"]), table: table)
        }
        #expect(refusal?.kind == .unsupported)
        #expect(refusal?.parameter == "duration")
        #expect(!table.parameterDescriptions.contains { $0.name == "duration" })
    }

    @Test(arguments: [
        ("/o/a.webm", ["codec": "h264"]), ("/o/a.webm", ["audio": "aac"]),
        ("/o/a.mov", ["codec": "vp9"]), ("/o/a.mov", ["audio": "opus"]),
    ])
    func codecsThatTheContainerDoesNotHoldAreRefused(output: String, given: [String: String]) {
        let refusal = #expect(throws: EngineRefusal.self) { try TestTable.read(given, to: output) }
        #expect(refusal?.kind == .conflict)
        #expect(refusal?.message.contains("does not fit into") == true)
    }
}
