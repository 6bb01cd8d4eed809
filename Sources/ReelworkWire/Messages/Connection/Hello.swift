// SPDX-License-Identifier: Apache-2.0
// Reelwork: HELLO

internal import ReelworkCore

/// The client's offer, its first frame.
package struct Hello: WireMessage {
    /// Feature bits offered; version 1 defines none.
    package var features: UInt64
    /// Compression codecs; unknown ones are ignored.
    package var codecs: [UInt8]
    /// The largest body that the client can take.
    package var frameBytesMax: UInt64
    /// The most requests that it wants to have open.
    package var requestsInFlightMax: UInt64
    /// The methods that it knows.
    package var methods: [MethodRange]
    /// Name and version of the program, for logs.
    package var agent: String

    /// Makes an offer.
    package init(
        features: UInt64 = 0,
        codecs: [UInt8] = [WireCodec.zlib.rawValue],
        frameBytesMax: UInt64 = UInt64(Limits.frameBytesMax),
        requestsInFlightMax: UInt64 = UInt64(Limits.requestsInFlightMax),
        methods: [MethodRange] = MethodRange.all,
        agent: String
    ) {
        self.features = features
        self.codecs = codecs
        self.frameBytesMax = frameBytesMax
        self.requestsInFlightMax = requestsInFlightMax
        self.methods = methods
        self.agent = agent
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "HELLO"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Hello {
        let features = try reader.u64("features")
        let count = try reader.count("codecs", itemBytesMin: 1, max: Limits.codecsMax)
        let hello = Hello(
            features: features,
            codecs: try reader.fixedBytes("codecs", count: count),
            frameBytesMax: try reader.uvarint("max_frame"),
            requestsInFlightMax: try reader.uvarint("max_inflight"),
            methods: try reader.methods(),
            agent: try reader.string("agent")
        )
        try reader.skipSection()
        let range = UInt64(Limits.frameBytesFloor)...UInt64(Limits.frameBytesCeiling)
        if !range.contains(hello.frameBytesMax) {
            reader.refuse(
                "max_frame",
                expected: "\(range.lowerBound) to \(range.upperBound)",
                found: "\(hello.frameBytesMax)"
            )
        }
        if hello.requestsInFlightMax == 0 {
            reader.refuse("max_inflight", expected: "at least 1", found: "0")
        }
        return hello
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.u64(features)
        writer.blob(codecs)
        writer.uvarint(frameBytesMax)
        writer.uvarint(requestsInFlightMax)
        writer.list(methods)
        writer.string(agent)
        writer.emptySection()
    }
}
