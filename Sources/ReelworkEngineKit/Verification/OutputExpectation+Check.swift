// SPDX-License-Identifier: Apache-2.0
// Reelwork: comparing a finished file with what it must be

extension OutputExpectation {
    /// Compares a finished file with what it must be.
    ///
    /// - Parameter found: the file, its video frames counted.
    /// - Throws: ``EngineFailure``, reason ``EngineFailure/outputInvalid``, that says what is
    ///   wrong, with both numbers.
    public func check(_ found: MediaInfo) throws(EngineFailure) {
        guard isEncodeEnded != false else {
            throw .invalidOutput("the encoder ended without saying that it was done")
        }
        guard let video = found.video else { throw .invalidOutput("the output has no video") }
        if let videoCodec, video.codec != videoCodec.rawValue {
            throw .invalidOutput(
                "the output's video is \(ShownText.quoted(video.codec)), not \(videoCodec.rawValue)"
            )
        }
        try checkAudio(found.audio)
        if let resolution, video.resolution != resolution {
            let came = video.resolution.map(\.description) ?? "of unknown size"
            throw .invalidOutput("the output is \(came), not \(resolution)")
        }
        try checkDuration(found.duration)
        guard let count = video.frames else {
            throw .invalidOutput("the frames of the output could not be counted")
        }
        guard count > 0 else { throw .invalidOutput("the output has no video frame") }
        try checkFrames(count, against: frames, "by the input")
        try checkFrames(count, against: framesEncoded, "by the encoder's count")
        try checkFrames(count, against: framesGiven, "that the encoder was given")
    }

    private func checkAudio(_ audio: MediaStream?) throws(EngineFailure) {
        guard hasAudio else {
            guard audio == nil else { throw .invalidOutput("the output has sound, and must not") }
            return
        }
        guard let audio else { throw .invalidOutput("the output has no sound") }
        if let audioCodec, audio.codec != audioCodec.rawValue {
            throw .invalidOutput(
                "the output's audio is \(ShownText.quoted(audio.codec)), not \(audioCodec.rawValue)"
            )
        }
    }

    private func checkDuration(_ found: Duration?) throws(EngineFailure) {
        guard let duration else { return }
        guard let found else { throw .invalidOutput("the output does not say how long it plays") }
        let gap = found < duration ? duration - found : found - duration
        guard gap <= max(durationApart, duration / 100) else {
            throw .invalidOutput(
                "the output plays \(Self.shown(found)) s, not \(Self.shown(duration)) s"
            )
        }
    }

    private func checkFrames(
        _ found: UInt64,
        against expected: UInt64?,
        _ source: String
    ) throws(EngineFailure) {
        guard let expected else { return }
        let gap = found < expected ? expected - found : found - expected
        guard gap <= max(framesApart, expected / 100) else {
            throw .invalidOutput("the output has \(found) frames, not \(expected) \(source)")
        }
    }

    private static func shown(_ duration: Duration) -> String {
        let parts = duration.components
        let thousandths = abs(parts.attoseconds / 1_000_000_000_000_000)
        let digits = String(thousandths)
        return "\(parts.seconds)." + String(repeating: "0", count: 3 - min(3, digits.count))
            + digits
    }
}
