// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a watcher is told, on the wire

package import ReelworkCore

extension JobNews: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "JobEvent"
    /// The least that one takes.
    package static let byteCountMin = 3

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> JobNews {
        var news = JobNews(
            number: try reader.jobNumber("number"),
            kind: try reader.open("kind", as: Kind.self)
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: news.view = try JobView.decode(from: &reader)
            case 2: news.move = try Move.decode(from: &reader)
            case 3: news.progress = try JobProgress.decode(from: &reader)
            default: reader.skipTag()
            }
        }
        return news
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.jobNumber(number)
        writer.u8(kind.rawValue)
        var section = writer.openSection()
        writer.tag(&section, 1, item: view)
        writer.tag(&section, 2, item: move)
        writer.tag(&section, 3, item: progress)
        writer.close(section)
    }
}
