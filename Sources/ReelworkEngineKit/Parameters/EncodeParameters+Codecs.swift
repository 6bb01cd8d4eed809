// SPDX-License-Identifier: Apache-2.0
// Reelwork: which encoders a job gets

import ReelworkCore

extension EncodeParameters {
    static func video(
        _ word: String?,
        container: MediaContainer,
        table: EncoderTable
    ) throws(EngineRefusal) -> VideoTarget {
        guard let word else {
            for codec in container.videoCodecs {
                if let encoder = table.videoEncoder(codec.rawValue) { return .encode(encoder) }
            }
            throw unsupported(.codec, "\(table.engine) has no codec for \(container.rawValue)")
        }
        if word == "copy", table.canCopyVideo { return .copy }
        guard let encoder = table.videoEncoder(word) else {
            let isKnown = word == "copy" || VideoCodec.allCases.contains { $0.rawValue == word }
            if isKnown {
                throw unsupported(
                    .codec,
                    "\(table.engine) does not do \(word); it does "
                        + table.videoWords.joined(separator: ", ")
                )
            }
            throw .invalid(
                CommonParameter.codec.rawValue,
                expected: CommonParameter.codec.kind(in: table),
                came: word
            )
        }
        guard container.videoCodecs.contains(encoder.codec) else {
            throw conflict(
                .codec,
                "\(encoder.codec.rawValue) does not fit into \(container.rawValue), which takes "
                    + container.videoCodecs.map(\.rawValue).joined(separator: ", ")
            )
        }
        return .encode(encoder)
    }

    static func audio(
        _ word: String?,
        container: MediaContainer,
        table: EncoderTable
    ) throws(EngineRefusal) -> AudioTarget {
        guard let word else {
            for codec in container.audioCodecs {
                if let encoder = table.audioEncoder(codec.rawValue) { return .encode(encoder) }
            }
            throw unsupported(.audio, "\(table.engine) has no audio for \(container.rawValue)")
        }
        if word == "none" { return .none }
        if word == "copy" {
            guard table.canCopyAudio else {
                throw unsupported(
                    .audio,
                    "\(table.engine) does not copy audio; it does "
                        + table.audioWords.joined(separator: ", ")
                )
            }
            return .copy
        }
        guard let encoder = table.audioEncoder(word) else {
            throw .invalid(
                CommonParameter.audio.rawValue,
                expected: CommonParameter.audio.kind(in: table),
                came: word
            )
        }
        guard container.audioCodecs.contains(encoder.codec) else {
            throw conflict(
                .audio,
                "\(encoder.codec.rawValue) does not fit into \(container.rawValue), which takes "
                    + container.audioCodecs.map(\.rawValue).joined(separator: ", ")
            )
        }
        return .encode(encoder)
    }

    func refuseConflicts(table: EncoderTable) throws(EngineRefusal) {
        if bitrate != nil, crf != nil {
            throw Self.conflict(.crf, "bitrate and crf exclude each other; leave one out")
        }
        guard case .encode(let encoder) = video else {
            let given: [(CommonParameter, Bool)] = [
                (.bitrate, bitrate != nil), (.crf, crf != nil), (.preset, preset != nil),
                (.resolution, resolution != nil), (.fps, frameRate != nil),
            ]
            if let first = given.first(where: { $0.1 })?.0 {
                throw Self.conflict(
                    first,
                    "\(first.rawValue) needs an encoder, but codec=copy copies; leave one out"
                )
            }
            return
        }
        if let crf {
            guard let qualities = encoder.qualities else {
                throw Self.unsupported(.crf, "\(encoder.name) has no crf; use bitrate")
            }
            guard qualities.contains(crf) else {
                throw Self.unsupported(
                    .crf,
                    "\(encoder.name) of \(table.engine) takes \(qualities.lowerBound) to "
                        + "\(qualities.upperBound); came \(crf)"
                )
            }
        }
        if let bitrate, bitrate > encoder.bitrateMax {
            throw Self.unsupported(
                .bitrate,
                "\(encoder.name) of \(table.engine) takes at most \(encoder.bitrateMax); "
                    + "came \(bitrate)"
            )
        }
        if preset != nil, !encoder.hasPresets {
            throw Self.unsupported(.preset, "\(encoder.name) has no presets; leave it out")
        }
    }

    private static func unsupported(_ parameter: CommonParameter, _ text: String) -> EngineRefusal {
        EngineRefusal(
            kind: .unsupported,
            parameter: parameter.rawValue,
            message: "parameter \(parameter.rawValue): \(text)"
        )
    }

    private static func conflict(_ parameter: CommonParameter, _ text: String) -> EngineRefusal {
        EngineRefusal(
            kind: .conflict,
            parameter: parameter.rawValue,
            message: "parameter \(parameter.rawValue): \(text)"
        )
    }
}
