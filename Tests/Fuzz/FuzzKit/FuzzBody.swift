// SPDX-License-Identifier: Apache-2.0
// Reelwork: what must hold of one kind of body, whatever its bytes

package import ReelworkCore
package import ReelworkWire

/// What must hold of one kind of body, whatever its bytes.
package struct FuzzBody: Sendable {
    /// The name in the specification, as in the vectors.
    package let name: String
    /// Reads the bytes and checks all that must hold.
    package let check: @Sendable ([UInt8]) -> Void

    /// The frames that carry a body.
    package struct Carrier: Sendable {
        var kind: FrameKind
        var methodField: UInt16

        /// A frame of the connection.
        package static func connection(_ kind: FrameKind) -> Carrier {
            Carrier(kind: kind, methodField: 0)
        }
    }

    /// Bytes that a body may hold for each byte that was read: the widest values of the shortest
    /// items, such as those of WATCH, which begin at 3 bytes.
    private static let bytesHeldPerByte = 256
    /// What reading may hold beyond that: one error with its words.
    private static let bytesHeldFree = 8 << 10

    /// A body of this type.
    package init<Message: WireMessage>(_ name: String, _ type: Message.Type, _ carrier: Carrier) {
        self.name = name
        check = { bytes in
            guard let message = FuzzBody.read(type, bytes, name) else { return }
            FuzzBody.endsWhereItEnds(type, bytes, name)
            FuzzBody.judgeItems(message, name)
            guard !FuzzBody.holdsSenselessItems(message) else { return }
            FuzzBody.writes(message, bytes, name)
            FuzzBody.travels(message, carrier, name)
        }
    }

    private static func decode<Message: WireMessage>(
        _ type: Message.Type,
        _ bytes: [UInt8]
    ) throws(WireError) -> Message {
        try Message.decode(bytes.span.bytes)
    }

    /// Reads a body; what is refused has an answer that fits before authentication too.
    private static func read<Message: WireMessage>(
        _ type: Message.Type,
        _ bytes: [UInt8],
        _ name: String
    ) -> Message? {
        let most = bytes.count * bytesHeldPerByte + bytesHeldFree
        let result = FuzzMemory.bounded(by: most, "\(name) of \(bytes.count) bytes") {
            Result { () throws(WireError) in try decode(Message.self, bytes) }
        }
        switch result {
        case .success(let message): return message
        case .failure(let error):
            let answer = ErrorMessage(error)
            Invariant.hold(
                answer.encoded.count <= Limits.errorDetailBytesMax + 32,
                "\(name): a refusal of \(answer.encoded.count) bytes"
            )
            let fault = error.fault
            Invariant.hold(
                fault.offset >= 0 && fault.offset <= bytes.count,
                "\(name): a fault at \(fault.offset) of \(bytes.count)"
            )
            return nil
        }
    }

    /// What was read is written in one form, which is read as the same and is no longer.
    private static func writes<Message: WireMessage>(
        _ message: Message,
        _ bytes: [UInt8],
        _ name: String
    ) {
        let written = message.encoded
        Invariant.hold(
            written.count <= bytes.count,
            "\(name): \(bytes.count) bytes were read and \(written.count) written"
        )
        do throws(WireError) {
            let again = try decode(Message.self, written)
            Invariant.hold(again.encoded == written, "\(name) is written in two forms")
            // A message that is not equal to itself holds a number that is none (IEEE 754).
            let twin = try decode(Message.self, bytes)
            let isReflexive = message == twin
            Invariant.hold(again == message || !isReflexive, "\(name) changes on its way")
        } catch {
            Invariant.fail("\(name): its own bytes are refused: \(error.explanation)")
        }
    }

    /// No part of a body is a body, and nothing may follow it.
    private static func endsWhereItEnds<Message: WireMessage>(
        _ type: Message.Type,
        _ bytes: [UInt8],
        _ name: String
    ) {
        let parts = [bytes.count - 1, bytes.count / 2].filter { $0 >= 0 && $0 < bytes.count }
        let others = parts.map { Array(bytes[..<$0]) } + [bytes + [0]]
        for other in others {
            let isRead = (try? decode(Message.self, other)) != nil
            Invariant.hold(!isRead, "\(name): \(other.count) bytes for \(bytes.count) are read")
        }
    }

    /// A frame brings it over as it is, compressed or not; never compressed with a secret in it.
    private static func travels(
        _ message: some WireMessage,
        _ carrier: Carrier,
        _ name: String
    ) {
        var encoder = FrameEncoder(frameBytesMax: .max, isCompressionAllowed: true)
        var deflater = Deflater()
        var inflater = Inflater()
        var decoder = FrameDecoder(stage: stage(of: carrier.kind))
        if decoder.stage == .ready {
            decoder.open(
                frameBytesMax: Limits.frameBytesCeiling,
                isCompressionAllowed: true
            )
        }
        let body = message.encoded
        guard body.count <= decoder.frameBytesMax else { return }
        do throws(FrameError) {
            try encoder.append(
                message,
                kind: carrier.kind,
                methodField: carrier.methodField,
                requestID: carrier.methodField == 0 || carrier.kind == .event ? 0 : 1,
                &deflater
            )
            let frame = encoder.array
            let step = try decoder.next(in: frame.span.bytes, &inflater)
            guard case .frame(let read, let consumed) = step, consumed == frame.count else {
                Invariant.fail("\(name): its frame is not read but \(step)")
            }
            let isHidden = read.header.isCompressed && message.carriesSecrets
            Invariant.hold(!isHidden, "\(name): a secret is compressed")
            let arrived = read.body(in: frame.span.bytes, inflater).withUnsafeBytes { [UInt8]($0) }
            Invariant.hold(arrived == body, "\(name): a frame changes it")
        } catch {
            Invariant.fail("\(name): its frame is refused: \(error.explanation)")
        }
    }

    private static func stage(of kind: FrameKind) -> FrameStage {
        switch kind {
        case .hello: .hello
        case .helloAck: .helloAck
        case .auth: .auth
        case .authOK: .authOK
        case .request, .response, .error, .cancel, .event, .ping, .pong, .goaway: .ready
        }
    }

    /// Whether items are kept only to be refused one by one: those are never written.
    private static func holdsSenselessItems(_ message: some WireMessage) -> Bool {
        guard let report = message as? Report.Request else { return false }
        return report.items.count < report.entries.count
    }

    /// What a server judges item by item, once it has read the whole.
    private static func judgeItems(_ message: some WireMessage, _ name: String) {
        if let request = message as? SubmitBatch.Request {
            for item in request.items {
                _ = item.problem?.explanation
                FuzzBody.checkSpec(item.spec)
            }
        }
        if let event = message as? Assign.Event {
            for assignment in event.assignments { FuzzBody.checkSpec(assignment.spec) }
        }
    }

    /// What must hold of a job's spec.
    package static func checkSpec(_ bytes: [UInt8]) {
        let isGuarded = JobSpec.carriesSecrets(bytes)
        do throws(WireError) {
            let spec = try JobSpec.decode(spec: bytes)
            Invariant.hold(isGuarded || spec.secrets.isEmpty, "a spec's secrets are not seen")
            let written = spec.encoded
            let again = try JobSpec.decode(spec: written)
            Invariant.hold(again == spec, "a spec changes on its way")
            Invariant.hold(again.encoded == written, "a spec is written in two forms")
        } catch {
            Invariant.hold(error.code == .invalidArgument, "a spec ends its connection")
        }
    }
}
