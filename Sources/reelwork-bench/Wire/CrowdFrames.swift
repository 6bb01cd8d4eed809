// SPDX-License-Identifier: Apache-2.0
// Reelwork: the bytes that a crowd sends

import ReelworkCore
import ReelworkWire

/// The bytes that a crowd sends: made by hand, so that ten thousand peers cost little.
enum CrowdFrames {
    /// HELLO without a codec.
    static let hello = frame(.hello, nil, 0, Hello(codecs: [], agent: "crowd"))

    /// REGISTER of a worker that has one slot.
    static func register(_ name: String) -> [UInt8] {
        let worker = WorkerRegistration(
            name: name,
            incarnation: 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
            engines: [EngineReport(name: "ffmpeg", version: "7.1", encoders: ["libx264", "aac"])]
        )
        return frame(.request, .register, 1, Register.Request(worker: worker, held: []))
    }

    /// HEARTBEAT of a worker that holds nothing.
    static func heartbeat(_ id: UInt32) -> [UInt8] {
        frame(
            .request,
            .heartbeat,
            id,
            Heartbeat.Request(assignedSeen: 0, open: 0, digest: 0)
        )
    }

    /// LIST_JOBS for as much as one page holds.
    static func page(_ id: UInt32) -> [UInt8] {
        frame(
            .request,
            .listJobs,
            id,
            ListJobs.Request(
                states: [],
                queue: nil,
                worker: "",
                limit: UInt64(Limits.pageItemsMax),
                cursor: nil,
                detail: .short
            )
        )
    }

    private static func frame(
        _ kind: FrameKind,
        _ method: ReelworkCore.Method?,
        _ id: UInt32,
        _ message: some WireMessage
    ) -> [UInt8] {
        var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesFloor)
        var deflater = Deflater()
        do throws(FrameError) {
            try encoder.append(
                message,
                kind: kind,
                methodField: method.map { FrameHeader.field($0) } ?? 0,
                requestID: id,
                &deflater
            )
        } catch {
            return []
        }
        return encoder.array
    }
}
