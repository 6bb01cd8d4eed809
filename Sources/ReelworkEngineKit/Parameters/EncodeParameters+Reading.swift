// SPDX-License-Identifier: Apache-2.0
// Reelwork: text of submitters to typed values

public import ReelworkCore

extension EncodeParameters {
    /// Reads a job's parameters strictly against what an engine can do.
    ///
    /// - Throws: ``EngineRefusal`` that names the parameter, what was expected and what came.
    public init(_ job: JobSpec, table: EncoderTable) throws(EngineRefusal) {
        try Self.refuseUnknown(job, table: table)
        let text = { (parameter: CommonParameter) in job.parameter(parameter.rawValue) }
        let container = try Self.container(of: job)
        self.init(
            container: container,
            video: try Self.video(text(.codec), container: container, table: table),
            audio: try Self.audio(text(.audio), container: container, table: table)
        )
        if let value = text(.bitrate) {
            bitrate = try Self.read(value, .bitrate, table) { Self.bitrate($0) }
        }
        if let value = text(.crf) {
            crf = try Self.read(value, .crf, table) { text in
                WholeNumber.parse(text.utf8).flatMap { $0 <= 51 ? UInt32($0) : nil }
            }
        }
        if let value = text(.preset) {
            preset = try Self.read(value, .preset, table) { EncodePreset(rawValue: $0) }
        }
        if let value = text(.resolution) {
            resolution = try Self.read(value, .resolution, table) { Resolution(parameter: $0) }
        }
        if let value = text(.fps) {
            frameRate = try Self.read(value, .fps, table) { FrameRate(parameter: $0) }
        }
        if let value = text(.duration) {
            duration = try Self.read(value, .duration, table) { Self.duration($0) }
        }
        try refuseConflicts(table: table)
    }

    /// Reads `2M`, `2.5M`, `2500k` or plain bits a second within ``bitrates``; nil for anything
    /// else.
    public static func bitrate(_ text: String) -> UInt64? {
        guard text.utf8.count <= 32, let last = text.utf8.last else { return nil }
        let value: UInt64?
        switch last {
        case UInt8(ascii: "k"), UInt8(ascii: "K"):
            value = DecimalNumber.parse(text.utf8.dropLast(), fractionDigits: 3)
        case UInt8(ascii: "m"), UInt8(ascii: "M"):
            value = DecimalNumber.parse(text.utf8.dropLast(), fractionDigits: 6)
        default:
            value = WholeNumber.parse(text.utf8)
        }
        return value.flatMap { bitrates.contains($0) ? $0 : nil }
    }

    /// Reads `10`, `2.5s`, `2m` or `1h`: above 0, at most `Limits.horizonMax`; nil for anything
    /// else.
    public static func duration(_ text: String) -> Duration? {
        guard text.utf8.count <= 32, let last = text.utf8.last else { return nil }
        let units: [UInt8: Int64] = [
            UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3_600,
        ]
        let unit = units[last]
        let number = unit == nil ? text.utf8[...] : text.utf8.dropLast()
        guard let micros = DecimalNumber.parse(number, fractionDigits: 6),
            let signed = Int64(exactly: micros), signed > 0
        else { return nil }
        let (product, isTooLarge) = signed.multipliedReportingOverflow(by: unit ?? 1)
        guard !isTooLarge, .microseconds(product) <= Limits.horizonMax else { return nil }
        return .microseconds(product)
    }

    private static func read<Value>(
        _ text: String,
        _ parameter: CommonParameter,
        _ table: EncoderTable,
        with parse: (String) -> Value?
    ) throws(EngineRefusal) -> Value {
        if let value = parse(text) { return value }
        throw .invalid(
            parameter.rawValue,
            expected: parameter.kind(in: table),
            came: text
        )
    }

    private static func container(of job: JobSpec) throws(EngineRefusal) -> MediaContainer {
        if let container = MediaContainer(path: job.output) { return container }
        throw EngineRefusal(
            kind: .invalidLocation,
            message: "the output's ending chooses the container; expected one of "
                + "\(MediaContainer.knownEndings); came \(ShownText.quoted(job.output))"
        )
    }

    private static func refuseUnknown(
        _ job: JobSpec,
        table: EncoderTable
    ) throws(EngineRefusal) {
        for parameter in job.parameters {
            switch CommonParameter(rawValue: parameter.key) {
            case .duration where !table.canCut:
                throw EngineRefusal(
                    kind: .unsupported,
                    parameter: parameter.key,
                    message: "parameter duration: \(table.engine) cannot cut to the frame; "
                        + "choose another engine or leave it out"
                )
            case nil:
                let known = table.parameterDescriptions.map(\.name)
                throw .unknown(parameter.key, known: known, engine: table.engine)
            case .codec, .bitrate, .crf, .preset, .resolution, .fps, .duration, .audio: continue
            }
        }
        // A secret's value must not show; its name may.
        if let first = job.secrets.first {
            let known = table.parameterDescriptions.map(\.name)
            throw .unknown(first.key, known: known, engine: table.engine)
        }
        for (index, parameter) in job.parameters.enumerated()
        where job.parameters[..<index].contains(where: { $0.key == parameter.key }) {
            throw EngineRefusal(
                kind: .conflict,
                parameter: parameter.key,
                message: "parameter \(parameter.key) is given twice; give it once"
            )
        }
    }
}
