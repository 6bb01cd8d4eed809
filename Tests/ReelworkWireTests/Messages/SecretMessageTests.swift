// SPDX-License-Identifier: Apache-2.0
// Reelwork: which bodies carry secrets

import ReelworkCore
import ReelworkWire
import Testing

// Goal: no body that can carry a secret is ever compressed, whoever adds a field to whichever body.
// Security checklist 3 (CRIME, BREACH).
// Method: a lint over the sample of every body: its fields are walked through by name, and the
// bytes of the sample secrets are looked for in it.
struct SecretMessageTests {
    /// Names of fields that hold a secret, or bytes in which one may be.
    private static let names: Set<String> = [
        "secrets", "secret", "token", "password", "passphrase", "credential", "proof", "spec",
        "key_material", "privateKey",
    ]

    /// Whether a value has such a field, at any depth, that is not empty.
    private func hasSecret(_ value: Any) -> Bool {
        if value is Auth { return true }
        return Mirror(reflecting: value).children.contains { label, child in
            let isNamed = label.map { SecretMessageTests.names.contains($0) } ?? false
            if isNamed { return !Mirror(reflecting: child).children.isEmpty || child is String }
            return hasSecret(child)
        }
    }

    private func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) }
    }

    private func isCompressed(_ message: some WireMessage) throws -> Bool {
        var deflater = Deflater()
        var encoder = FrameEncoder(
            frameBytesMax: Limits.frameBytesCeiling,
            isCompressionAllowed: true
        )
        try encoder.append(message, kind: .event, &deflater)
        return try FrameHeader(reading: encoder.bytes).isCompressed
    }

    // The lint itself must find what it looks for.
    @Test func theLintFindsSecrets() {
        struct Inner { var token = "x" }
        struct Outer { var inner: [Inner] = [Inner()] }
        #expect(hasSecret(Outer()))
        #expect(hasSecret(Samples.spec))
        #expect(!hasSecret(Samples.view))
        #expect(!hasSecret(JobSpec(input: "/in", output: "/out")))
    }

    @Test(arguments: 0..<Samples.all.count)
    func aBodyWithASecretSaysSo(index: Int) {
        let sample = Samples.all[index]
        let name = type(of: sample).wireName
        if hasSecret(sample) { #expect(sample.carriesSecrets, "\(name)") }
        // Whatever its fields are called.
        if holds(sample.encoded, Samples.spec.encoded) {
            #expect(sample.carriesSecrets, "\(name)")
        }
    }

    @Test func thereAreSuchBodies() {
        let names = Samples.all.filter(\.carriesSecrets).map { "\(type(of: $0).wireName)" }
        #expect(Set(names) == ["AUTH", "SUBMIT_BATCH.request", "ASSIGN.event"])
    }

    // Views are what a submitter's reader may see, and may share a frame with anything.
    @Test func noViewHasAPlaceForASecret() {
        let secret = Samples.spec.secrets.map(\.value).joined()
        #expect(!secret.isEmpty)
        for sample in Samples.all where !sample.carriesSecrets {
            #expect(!hasSecret(sample), "\(type(of: sample).wireName)")
        }
    }

    // What repeats itself would be compressed, were it not for the secret.
    @Test func theirFramesArePlainAndOthersAreNot() throws {
        let data = [UInt8](repeating: 0x61, count: 2_000)
        #expect(try !isCompressed(Auth(mechanism: "token", data: data)))
        var spec = JobSpec(input: String(repeating: "/in", count: 500), output: "/out")
        for hasSecret in [false, true] {
            if hasSecret { spec.secrets = [Parameter(key: "token", value: "hunter2")] }
            let item = SubmitItem(key: "k", spec: spec.encoded)
            // One among many is enough: they would share a window.
            var plain = spec
            plain.secrets = []
            let others = (0..<20).map { SubmitItem(key: "o\($0)", spec: plain.encoded) }
            let submit = SubmitBatch.Request(isAtomic: false, items: others + [item])
            #expect(try isCompressed(submit) == !hasSecret)
            let assign = Assign.Event(
                firstIndex: 1,
                assignments: (others + [item]).map {
                    Assignment(
                        id: Samples.id,
                        number: Samples.number,
                        attempt: Samples.attempt,
                        engine: "ffmpeg",
                        spec: $0.spec
                    )
                }
            )
            #expect(try isCompressed(assign) == !hasSecret)
        }
    }
}
