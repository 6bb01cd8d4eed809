// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an encode takes up, by a guess

public import ReelworkCore

extension EncodeParameters {
    /// What an encode with these parameters takes up of its worker, by a guess: processors, memory,
    /// and room for the film where its bit rate and length are known.
    ///
    /// Known before the input was looked at, so a picture whose size is not asked for counts as one
    /// of 1920 × 1080. Measured with FFmpeg 5.1 and two threads (`/usr/bin/time`, 1080p and 2160p):
    /// 200 MiB a million pixels for H.264, H.265 and AV1, 150 for VP9 and 40 for MPEG-4; more
    /// threads take more. Amounts are rounded up to powers of two, so that jobs share their lines.
    public func estimates(of job: JobSpec) -> [ResourceAmount] {
        var estimates = [
            ResourceAmount(name: ResourceAmount.cpuName, amount: processors),
            ResourceAmount(name: ResourceAmount.memoryName, amount: mebibytes).rounded,
        ]
        if let film = filmMebibytes(of: job) {
            estimates.append(
                ResourceAmount(name: ResourceAmount.scratchName, amount: film).rounded
            )
        }
        return estimates
    }

    private var pixels: UInt64 {
        guard let resolution else { return 1_920 * 1_080 }
        return UInt64(resolution.width) * UInt64(resolution.height)
    }

    /// Processors that an encoder can keep busy: more rows of blocks, more threads.
    private var processors: UInt64 {
        guard case .encode = video else { return 1 }
        switch pixels {
        case ...500_000: return 2
        case ...2_500_000: return 4
        case ...9_000_000: return 8
        default: return 16
        }
    }

    private var mebibytes: UInt64 {
        guard case .encode = video else { return 128 }
        return 128 + 256 * pixels / 1_000_000
    }

    /// The film's size; nil where bit rate or length are not known before the encode.
    private func filmMebibytes(of job: JobSpec) -> UInt64? {
        guard let bitrate, case .encode = video else { return nil }
        let plays =
            RunLimit.plausible(job.mediaDuration).map { RunLimit.kept(of: $0, by: job) } ?? duration
        guard let plays = RunLimit.plausible(plays) else { return nil }
        let seconds = UInt64(clamping: plays.components.seconds) + 1
        return (bitrate + EncodeParameters.audioBitrate) * seconds / 8 / (1 << 20) + 1
    }

    /// Bits a second that the sound takes at most, as encoders choose them by themselves.
    private static let audioBitrate: UInt64 = 256_000
}
