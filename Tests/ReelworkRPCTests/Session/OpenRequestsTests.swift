// SPDX-License-Identifier: Apache-2.0
// Reelwork: the list of open requests.

import Testing

@testable import ReelworkRPC

// Goal: requests are found and taken out in any order. Method: against a dictionary.
struct OpenRequestsTests {
    @Test func anyOrderOfAnswersFindsItsRequest() {
        var open = OpenRequests()
        var model: [UInt32: UInt64] = [:]
        var random = SystemRandomNumberGenerator()
        var id: UInt32 = 1
        for _ in 0..<5_000 {
            if model.count < 70, Bool.random(using: &random) {
                let isExempt = Bool.random(using: &random)
                open.add(.init(id: id, methodField: 1, isExempt: isExempt, tag: UInt64(id) * 3))
                model[id] = UInt64(id) * 3
                id += UInt32.random(in: 1...9, using: &random)
            } else if let any = model.keys.randomElement(using: &random) {
                #expect(open.find(any)?.tag == model[any])
                #expect(open.remove(any)?.tag == model.removeValue(forKey: any))
                #expect(open.remove(any) == nil)
            }
            #expect(open.count == model.count)
            #expect(open.counted == open.entries.filter { !$0.isExempt }.count)
        }
        let above = open.entries.count / 2
        guard above > 0 else { return }
        let border = open.entries[above - 1].id
        #expect(open.removeAll(above: border).allSatisfy { $0.id > border })
        #expect(open.count == above)
        #expect(open.counted == open.entries.filter { !$0.isExempt }.count)
    }
}
