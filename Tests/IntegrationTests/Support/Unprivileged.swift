// SPDX-License-Identifier: Apache-2.0
// Reelwork: a user whom permissions bind

import Foundation
import Glibc

/// A user whom permissions bind: this one, or another where this one is root.
enum Unprivileged {
    /// Why no such user can run the program; nil where one can.
    static var obstacle: String? {
        guard geteuid() == 0 else { return nil }
        guard Programs.systemPath("setpriv") != nil else { return "setpriv is not installed" }
        guard let program = try? Programs.path("reelwork") else { return "no program" }
        var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath()
        while folder.path != "/" {
            var facts = stat()
            guard stat(folder.path, &facts) == 0, facts.st_mode & 0o005 == 0o005 else {
                return "\(folder.path) is closed to other users"
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    /// The command that runs the program as such a user.
    static func command(_ arguments: [String]) throws -> (program: String, arguments: [String]) {
        let program = try Programs.path("reelwork")
        guard geteuid() == 0, let setpriv = Programs.systemPath("setpriv") else {
            return (program, arguments)
        }
        let user = ["--reuid", "12345", "--regid", "12345", "--clear-groups"]
        return (setpriv, user + [program] + arguments)
    }
}
