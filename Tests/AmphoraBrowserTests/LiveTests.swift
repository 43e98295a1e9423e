import Amphora
import Foundation
import TestSupport
import Testing

/// Pages of what goes on.
extension BrowserTests {
    @Test("The open page of a run shows what another process logs, and its end, without being loaded again")
    func runGoesOn() async throws {
        let browser = try #require(Stage.current).browser
        let project = try Project()
        let id = try await project.script("amphora init --quiet; amphora run start --job-type train --pid 0")
        try await project.serving { address in
            let faults = try await browser.withTab(.light) { tab in
                try await tab.open("\(address)/runs/\(id)/charts")
                #expect(try await tab.text("document.querySelector('.state').textContent") == "running")
                #expect(try await tab.evaluate("document.querySelector('.chart')") == .null)
                try await tab.evaluate("globalThis.isSame = true")
                for step in 1...3 {
                    try await project.script("amphora run log --run \(id) loss=0.\(4 - step)")
                }
                try await tab.wait(
                    until: "document.querySelector('polyline')?.dataset.values?.split(';').length === 3")
                try await tab.point(at: ".chart")
                try await tab.wait(until: "document.querySelector('.reading:not([hidden])')")
                try await project.script("amphora run finish --run \(id)")
                try await tab.wait(until: "document.querySelector('.state').textContent === 'finished'")
                #expect(try await tab.evaluate("globalThis.isSame") == true)
                return tab.faults
            }
            #expect(faults == [])
        }
    }
}
