// SPDX-License-Identifier: Apache-2.0
// Reelwork: the first vectors of the protocol

import ReelworkCore
import ReelworkWire
import Testing

// Goal: the vectors with which the protocol was designed come out byte for byte. Method: build
// each message and compare whole frames, then read them back.
struct DesignVectorTests {
    static let worker = "89524c570d0a1a0a01010100513d4972"
    static let spec = Hex.bytes(
        "010666666d7065670000092f696e2f612e6d70340a2f6f75742f612e6d70340205636f646563076c69627832"
            + "36340363726602323300"
    )

    @Test(arguments: [
        (PeerRole.worker, worker), (.submitter, "89524c570d0a1a0a01010200c895ae46"),
    ])
    func clientPreface(_ role: PeerRole, _ hex: String) throws {
        let preface = ClientPreface(role: role)
        #expect(preface.encoded == Hex.bytes(hex))
        #expect(try PrefaceTests.read(Hex.bytes(hex)) == preface)
    }

    @Test(arguments: [
        (ServerPreface(), "89524c570d0a1a0a010000005837aac4"),
        (ServerPreface(status: .noVersion), "89524c570d0a1a0a000100009e0faebc"),
        (
            ServerPreface(status: .overloaded, retryAfter: .seconds(5)),
            "89524c570d0a1a0a010232003847ceec"
        ),
    ])
    func serverPreface(_ preface: ServerPreface, _ hex: String) throws {
        #expect(preface.encoded == Hex.bytes(hex))
        let bytes = Hex.bytes(hex)
        let read = try ServerPreface(reading: bytes.span.bytes)
        #expect(read == preface)
    }

    @Test func hello() throws {
        let message = Hello(codecs: [1], methods: [MethodRange(.submitBatch)], agent: "t")
        try expect(
            message,
            .hello,
            nil,
            0,
            "1400000001000000000000001400000022e1a4a6bd6d8b62"
                + "00000000000000000101808040400110110174" + "00"
        )
    }

    @Test func helloAck() throws {
        let message = HelloAck(
            codec: .zlib,
            methods: [MethodRange(.submitBatch)],
            agent: "s",
            cluster: JobID(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F),
            epoch: 3,
            now: Timestamp(milliseconds: 1_700_000_000_000)
        )
        try expect(
            message,
            .helloAck,
            nil,
            0,
            "2b00000002000000000000002b0000006ce4299382c99669"
                + "000000000000000001808040400110110173000102030405060708090a0b0c0d0e0f"
                + "0380d095ffbc310000"
        )
    }

    @Test func heartbeat() throws {
        var digest = OpenSetDigest()
        digest.toggle(JobNumber(1), AttemptNumber(1))
        digest.toggle(JobNumber(12), AttemptNumber(3))
        let message = Heartbeat.Request(assignedSeen: 300, open: 2, digest: digest.value)
        try expect(
            message,
            .request,
            .heartbeat,
            1,
            "0c00000010001102010000000c000000d1ad475dd8753e32ac0202810fb28ee9f5b25400"
        )
    }

    @Test func credit() throws {
        try expect(
            Credit.Event(assignLimit: 8),
            .event,
            .credit,
            0,
            "020000001400210200000000020000006ab4756c2a3fa17e0800"
        )
    }

    @Test func assign() throws {
        let assignment = Assignment(
            id: JobID(high: 0x0190_B6F2_C3D4_7E5F, low: 0x8A1B_2C3D_4E5F_6071),
            number: JobNumber(12),
            attempt: AttemptNumber(3),
            engine: "ffmpeg",
            spec: DesignVectorTests.spec,
            granted: [
                Grant(attempt: AttemptNumber(2), size: 1_048_576, checksum: 0xE306_9283)
            ]
        )
        try expect(
            Assign.Event(firstIndex: 1, assignments: [assignment]),
            .event,
            .assign,
            0,
            "61000000140031020000000061000000ab5ef171be8f994401010190b6f2c3d47e5f8a1b2c3d4e5f6071"
                + "0c030666666d70656736" + Hex.text(DesignVectorTests.spec)
                + "01010b01028080400501839206e300"
        )
    }

    @Test func jobSpec() throws {
        let spec = JobSpec(
            engine: "ffmpeg",
            input: "/in/a.mp4",
            output: "/out/a.mp4",
            parameters: [
                Parameter(key: "codec", value: "libx264"), Parameter(key: "crf", value: "23"),
            ]
        )
        #expect(spec.encoded == DesignVectorTests.spec)
        #expect(try JobSpec.decode(spec: DesignVectorTests.spec) == spec)
    }

    @Test func reportBody() throws {
        let item = ReportItem(
            number: JobNumber(12),
            attempt: AttemptNumber(3),
            at: Timestamp(milliseconds: 1_700_000_000_000),
            content: .started(ReportItem.Start(mediaDuration: .milliseconds(634_566)))
        )
        let message = Report.Request(items: [item])
        let bytes = Hex.bytes("00010c030180d095ffbc31010103c6dd2600")
        #expect(message.encoded == bytes)
        let again = try Report.Request.decode(bytes.span.bytes)
        #expect(again == message)
    }

    @Test func error() throws {
        let message = ErrorMessage(.busy, retryAfter: .milliseconds(250), detail: "inflight")
        try expect(
            message,
            .error,
            .submitBatch,
            7,
            "0e00000012000101070000000e0000009b55c60074e0538a8106fa0108696e666c6967687400"
        )
    }

    @Test func goAway() throws {
        let message = GoAway(
            lastRequestID: GoAway.lastUnknown,
            code: .draining,
            drain: .seconds(10)
        )
        try expect(
            message,
            .goaway,
            nil,
            0,
            "0b00000023000000000000000b000000b1f5a5d46b208f66ffffffff0f8308904e0000"
        )
    }

    @Test func cancel() {
        var encoder = FrameEncoder()
        encoder.appendCancel(id: 5)
        #expect(encoder.array == Hex.bytes("0000000013000000050000000000000000000000829aad4d"))
    }

    @Test func checkValue() {
        let digits = Array("123456789".utf8)
        let sum = Checksum.crc32c(digits.span.bytes)
        #expect(sum == 0xE306_9283)
    }

    private func expect<Message: WireMessage>(
        _ message: Message,
        _ kind: FrameKind,
        _ method: ReelworkCore.Method? = nil,
        _ id: UInt32 = 0,
        _ hex: String
    ) throws {
        let methodField = method.map { FrameHeader.field($0) } ?? 0
        var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesMax)
        var deflater = Deflater()
        try encoder.append(
            message,
            kind: kind,
            methodField: methodField,
            requestID: id,
            &deflater
        )
        let bytes = encoder.array
        #expect(Hex.text(bytes) == hex)
        let header = try FrameHeader(reading: bytes.span.bytes)
        #expect(header.kind == kind)
        #expect(header.methodField == methodField)
        #expect(header.requestID == id)
        let body = bytes.span.bytes.extracting(FrameHeader.byteCount...)
        let again = try Message.decode(body)
        #expect(again == message)
    }
}
