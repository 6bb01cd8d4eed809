// SPDX-License-Identifier: Apache-2.0
// Reelwork: no path of one machine and no host of one network in what is published.

/// No path of one machine and no host of one network in what is published.
enum PlaceRule {
    /// Starts of paths that exist on the machine of whoever wrote them; put together here, so
    /// that this file holds none.
    static let paths = ["wo" + "rk", "ho" + "me", "ro" + "ot", "Us" + "ers", "tmp/w" + "t"].map {
        "/" + $0 + "/"
    }

    /// Ends of host names that mean something in one network only.
    static let domains = ["intern" + "al", "loc" + "al", "co" + "rp", "la" + "n"].map { "." + $0 }

    /// The hosts that an address in the tree may name.
    static let hosts: Set<String> = [
        "github.com", "swift.org", "www.swift.org", "www.apache.org", "www.w3.org",
        "www.sqlite.org", "www.rfc-editor.org", "man7.org", "ffmpeg.org",
        "gstreamer.freedesktop.org",
        "keepachangelog.com", "no-color.org", "semver.org", "prometheus.io", "localhost",
        "example.com",
        "example.org", "127.0.0.1",
    ]

    static func breaches(in path: String, _ text: String) -> [Breach] {
        let marks = paths + ["://"]
        guard marks.contains(where: text.contains) else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap {
            index,
            line in
            var rules = paths.filter { holdsPath($0, in: line) }.map { "holds the path \($0)" }
            rules += foreignHosts(in: line).map { "names the host \($0)" }
            return rules.map { Breach(path: path, line: index + 1, rule: $0) }
        }
    }

    /// A path that begins here: `/x/` behind a letter is a part of a longer one.
    private static func holdsPath(_ start: String, in line: Substring) -> Bool {
        line.ranges(of: start).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && !".-_)}$~".contains(before)
        }
    }

    /// Hosts of `scheme://host` that are not in the list; one label alone names no network.
    private static func foreignHosts(in line: Substring) -> [String] {
        line.ranges(of: "://").compactMap { range in
            let host = line[range.upperBound...].prefix {
                $0.isLetter || $0.isNumber || $0 == "." || $0 == "-"
            }.lowercased()
            let isLocal = domains.contains(where: host.hasSuffix)
            return isLocal || (host.contains(".") && !hosts.contains(host)) ? host : nil
        }
    }
}
