// SPDX-License-Identifier: Apache-2.0
// Reelwork: frames that other threads make.

import NIOCore
import ReelworkCore
import ReelworkWire
import Testing

@testable import ReelworkRPC

// Goal: a frame that was made elsewhere is the frame that the session would have made. Method: both
// are made of the same answers, and compared byte by byte.
struct FramePrinterTests {
    private static let connection = RPCConnectionID(serial: 1, loop: 0)

    private func answer(_ bytes: Int) -> RPCDelivery {
        let parameter = Parameter(key: "a", value: String(repeating: "x", count: bytes))
        return .response(
            GetJob.self,
            .init(job: jobView(.number(JobNumber(1)), parameters: [parameter])),
            to: Self.connection,
            request: 7
        )
    }

    private func printed(_ delivery: RPCDelivery, _ most: Int, _ isCompressed: Bool) -> [UInt8]? {
        var printer = FramePrinter()
        let result = printer.print(delivery, frameBytesMax: most, isCompressed: isCompressed)
        guard case .response(let body, 7) = result.content, let frame = body.printed else {
            return nil
        }
        #expect(frame.pieces.allSatisfy { $0.readableBytes <= Limits.outboundPieceBytes })
        return frame.pieces.flatMap { Array($0.readableBytesView) }
    }

    @Test(arguments: [10, 300_000], [true, false])
    func itIsWhatTheSessionWouldHaveMade(bytes: Int, isCompressed: Bool) throws {
        let most = Limits.frameBytesMax
        let delivery = answer(bytes)
        guard case .response(let body, let request) = delivery.content else { return }
        var press = FramePress()
        var buffer = ByteBuffer()
        let isMade = press.print(
            body.message,
            kind: body.kind,
            methodField: body.methodField,
            id: request,
            frameBytesMax: most,
            isCompressionAllowed: isCompressed,
            into: &buffer
        )
        #expect(isMade)
        #expect(printed(delivery, most, isCompressed) == Array(buffer.readableBytesView))
    }

    // The session answers FRAME_TOO_LARGE then.
    @Test func whatIsTooLargeIsLeftAsItWas() {
        #expect(printed(answer(300_000), Limits.frameBytesFloor, false) == nil)
        #expect(printed(answer(10), Limits.frameBytesFloor, false) != nil)
    }
}
