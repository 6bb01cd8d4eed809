// SPDX-License-Identifier: Apache-2.0
// Reelwork: names that nothing has

extension EngineRefusal {
    /// A parameter that the engine does not know: named, with the nearest one.
    public static func unknown(
        _ parameter: String,
        known: [String],
        engine: String
    ) -> EngineRefusal {
        let meant = NearestName.suggestion(known, near: parameter).map { "; did you mean \($0)?" }
        return EngineRefusal(
            kind: .unknownParameter,
            parameter: ShownText.cut(parameter, bytesMax: ShownText.bytesMax),
            message: "\(engine) knows no parameter \(ShownText.quoted(parameter))"
                + (meant ?? "; it knows " + known.joined(separator: ", "))
        )
    }

    /// An engine that is not there: named, with those that are, the nearest first.
    public static func unknownEngine(_ engine: String, known: [String]) -> EngineRefusal {
        let names = NearestName.ordered(known, near: engine) + ["auto"]
        let meant = NearestName.suggestion(names, near: engine).map { "did you mean \($0)? " }
        return EngineRefusal(
            kind: .unknownEngine,
            message: "there is no engine \(ShownText.quoted(engine)); " + (meant ?? "")
                + "known are " + names.joined(separator: ", ")
        )
    }
}
