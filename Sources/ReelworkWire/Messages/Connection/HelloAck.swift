// SPDX-License-Identifier: Apache-2.0
// Reelwork: HELLO_ACK

package import ReelworkCore

/// The server's choice, the answer to HELLO.
package struct HelloAck: WireMessage {
    /// Features in force: the bits that both sides have.
    package var features: UInt64
    /// The codec in force.
    package var codec: OpenEnum<WireCodec>
    /// The largest body, in both directions.
    package var frameBytesMax: UInt64
    /// The most open requests, in both directions.
    package var requestsInFlightMax: UInt64
    /// The methods of the server.
    package var methods: [MethodRange]
    /// The server's program.
    package var agent: String
    /// The identity of the scheduler's data.
    package var cluster: JobID
    /// It rises with each restore from a backup.
    package var epoch: UInt64
    /// The server's wall clock, for display only.
    package var now: Timestamp
    /// Ways to prove who the client is; empty = it is in.
    package var mechanisms: [String]

    /// Makes an answer.
    package init(
        features: UInt64 = 0,
        codec: WireCodec,
        frameBytesMax: UInt64 = UInt64(Limits.frameBytesMax),
        requestsInFlightMax: UInt64 = UInt64(Limits.requestsInFlightMax),
        methods: [MethodRange] = MethodRange.all,
        agent: String,
        cluster: JobID,
        epoch: UInt64,
        now: Timestamp,
        mechanisms: [String] = []
    ) {
        self.features = features
        self.codec = .known(codec)
        self.frameBytesMax = frameBytesMax
        self.requestsInFlightMax = requestsInFlightMax
        self.methods = methods
        self.agent = agent
        self.cluster = cluster
        self.epoch = epoch
        self.now = now
        self.mechanisms = mechanisms
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "HELLO_ACK"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> HelloAck {
        let features = try reader.u64("features")
        let codec = try reader.open("codec", as: WireCodec.self)
        var answer = HelloAck(
            features: features,
            codec: .none,
            frameBytesMax: try reader.uvarint("max_frame"),
            requestsInFlightMax: try reader.uvarint("max_inflight"),
            methods: try reader.methods(),
            agent: try reader.string("agent"),
            cluster: try reader.jobID("cluster"),
            epoch: try reader.uvarint("epoch"),
            now: try reader.timestamp("now"),
            mechanisms: try reader.strings("mechs")
        )
        answer.codec = codec
        try reader.skipSection()
        return answer
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.u64(features)
        writer.u8(codec.rawValue)
        writer.uvarint(frameBytesMax)
        writer.uvarint(requestsInFlightMax)
        writer.list(methods)
        writer.string(agent)
        writer.jobID(cluster)
        writer.uvarint(epoch)
        writer.timestamp(now)
        writer.strings(mechanisms)
        writer.emptySection()
    }
}
