// SPDX-License-Identifier: Apache-2.0
// Reelwork: news as events

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

extension WatchHub {
    /// News as events, each small enough for what any peer agrees to.
    static func events(
        _ news: [JobNews],
        _ tag: RequestTag,
        isDroppable: Bool = false
    ) -> [RPCDelivery] {
        func event(_ news: [JobNews]) -> RPCDelivery {
            .event(
                Watch.self,
                Watch.Event(events: news),
                to: RPCConnectionID(rawValue: tag.connection),
                request: tag.request,
                isDroppable: isDroppable
            )
        }
        guard news.count > 1 else { return news.isEmpty ? [] : [event(news)] }
        var deliveries: [RPCDelivery] = []
        var batch: [JobNews] = []
        var room = PageRoom(frameBytesMax: Limits.frameBytesFloor)
        for piece in news {
            if batch.count == Limits.batchItemsMax || !room.take(piece) {
                if !batch.isEmpty { deliveries.append(event(batch)) }
                batch = []
                room = PageRoom(frameBytesMax: Limits.frameBytesFloor)
                _ = room.take(piece)
            }
            batch.append(piece)
        }
        deliveries.append(event(batch))
        return deliveries
    }
}
