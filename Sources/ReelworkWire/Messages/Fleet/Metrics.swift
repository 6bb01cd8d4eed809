// SPDX-License-Identifier: Apache-2.0
// Reelwork: METRICS

package import ReelworkCore

/// Reads the metrics (method 040).
package enum Metrics: WireCall {
    /// The method.
    package static let method = Method.metrics
    /// Which metrics: those whose names begin so.
    package typealias Request = PrefixRequest

    /// One sample of a metric.
    package struct Sample: WireItem {
        /// The name of the metric.
        package var name: String
        /// Its labels.
        package var labels: [Label]
        /// Its value.
        package var value: Double

        /// Makes it.
        package init(name: String, labels: [Label], value: Double) {
            self.name = name
            self.labels = labels
            self.value = value
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "Sample"
        /// The least that one takes.
        package static let byteCountMin = 11

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Sample {
            let value = Sample(
                name: try reader.string("name"),
                labels: try reader.list("labels", of: Label.self),
                value: try reader.f64("value")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(name)
            writer.list(labels)
            writer.f64(value)
            writer.emptySection()
        }
    }

    /// The samples.
    package struct Response: WireMessage {
        /// When they were read.
        package var at: Timestamp
        /// A histogram is its buckets, sum and count.
        package var samples: [Sample]

        /// Makes it.
        package init(at: Timestamp, samples: [Sample]) {
            self.at = at
            self.samples = samples
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "METRICS.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                at: try reader.timestamp("at"),
                samples: try reader.list("samples", of: Sample.self, max: Limits.samplesMax)
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.timestamp(at)
            writer.list(samples)
            writer.emptySection()
        }
    }
}
