// SPDX-License-Identifier: Apache-2.0
// Reelwork: errors of requests

import ReelworkCore
import ReelworkWire

extension Provocation {
    /// Errors of requests, after which the connection goes on.
    static let requests = [
        Provocation(.invalidArgument, ["GET_JOB.request", "view", "expected", "found 9", "byte"]) {
            let peer = try $0.raw()
            peer.send(RawPeer.request(.getJob, id: 1, body: [1, 5, 9, 0]))
            return try said(peer)
        },
        Provocation(.notFound, ["no such job"]) {
            let peer = try $0.raw()
            try peer.ask(GetJob.self, .init(ref: .number(JobNumber(999)), detail: .short), id: 1)
            return try said(peer)
        },
        Provocation(.busy, ["32 watches are open"]) { scene in
            let peer = try scene.raw()
            for index in 0...UInt32(Limits.watchesMax) {
                try peer.ask(
                    Watch.self,
                    Watch.Request(refs: [.number(scene.job)]),
                    id: 2 * index + 1
                )
            }
            return try said(peer)
        },
        Provocation(.timeout, ["timeout", "nothing was done"]) { scene in
            let peer = try scene.raw()
            let request = GetJob.Request(
                ref: .number(scene.job),
                detail: .short,
                tags: RequestTags(timeout: .zero)
            )
            try peer.ask(GetJob.self, request, id: 1)
            return try said(peer)
        },
        Provocation(.storageReadOnly, ["disk is full", "no space left"]) { scene in
            scene.store.fill(true)
            defer { scene.store.fill(false) }
            // The first change finds the disk full and waits for room; later ones are told so.
            while true {
                let peer = try scene.raw()
                try peer.ask(CancelJob.self, .init(refs: [.number(scene.job)], reason: ""), id: 1)
                try peer.ask(GetJob.self, .init(ref: .key("none"), detail: .short), id: 3)
                let said = try said(peer)
                if said.code != .notFound { return said }
                await Task.yield()
            }
        },
        Provocation(.internal, ["disk failed", "page 7"]) { scene in
            let peer = try scene.raw()
            scene.store.setUnreadable(true)
            defer { scene.store.setUnreadable(false) }
            try peer.ask(GetJob.self, .init(ref: .number(scene.job), detail: .short), id: 1)
            return try said(peer)
        },
        Provocation(.canceled, ["canceled"]) { scene in
            let peer = try scene.raw()
            try peer.ask(Watch.self, Watch.Request(refs: [.number(scene.job)]), id: 1)
            _ = try peer.readFrame(.event)
            var encoder = FrameEncoder()
            encoder.appendCancel(id: 1)
            peer.send(encoder.array)
            return try said(peer)
        },
    ]
}
