// SPDX-License-Identifier: Apache-2.0
// Reelwork: texts that must not reach a command

/// Texts that must never reach a command line, each with letters that no argument of ours has.
public enum NastyTexts {
    /// The letters that give a leak away.
    public static let mark = "QZQZ"

    /// Names and values with quotes, options, pipelines, protocols and control bytes.
    public static let all = [
        "QZQZ", "-QZQZ", "--QZQZ=1", "QZQZ name", "QZQZ'", "QZQZ\"", "QZQZ\\", "QZQZ ! filesink",
        "! QZQZ !", "concat:QZQZ|b", "file:QZQZ", "QZQZ\n-f lavfi", "QZQZ\u{0}", "$(QZQZ)",
        "`QZQZ`", "QZQZ;reboot", "%QZQZ%d", "../QZQZ", "QZQZ\u{1b}[31m", "QZQZ\u{202e}",
        "http://QZQZ/", "subfile,,start,0,end,0,,:QZQZ", "location=QZQZ", "d. QZQZ",
    ]
}
