// SPDX-License-Identifier: Apache-2.0
// Reelwork: which kind of file system a folder is on

/// The kernel's table of mounts, as far as a store must know: what kind a device is of.
struct MountTable: Hashable, Sendable {
    /// `/proc/self/mountinfo` (proc(5)).
    let text: String

    /// Kinds that go over a network: their locks and shared memory cannot be trusted.
    private static let kinds: [String] = [
        "9p", "afs", "ceph", "cifs", "coda", "fuse.ceph-fuse", "fuse.glusterfs", "fuse.rclone",
        "fuse.s3fs", "fuse.sshfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
        "smb3", "smbfs",
    ]

    /// The kind of the file system that a device (`st_dev` of stat(2)) is, where it is one over a
    /// network; nil for a local or unknown one.
    func networkKind(device: UInt64) -> String? {
        // As in makedev(3): the minor number's low byte, the major's low 12 bits, the rest above.
        let major = (device >> 8) & 0xFFF | (device >> 32) & 0xFFFF_F000
        let minor = device & 0xFF | (device >> 12) & 0xFFFF_FF00
        let name = "\(major):\(minor)"
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[2] == name,
                let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
            else { continue }
            let kind = String(fields[dash + 1])
            return MountTable.kinds.contains(kind) ? kind : nil
        }
        return nil
    }
}
