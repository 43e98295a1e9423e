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

    @Test("What the reader has typed, focused and zoomed stays when the page of a run changes")
    func whatTheReaderDoesStays() async throws {
        let browser = try #require(Stage.current).browser
        let project = try Project()
        let id = try await project.script(
            """
            amphora init --quiet
            echo 1 >data
            amphora put data --name data --type dataset --quiet
            id=$(amphora run start --job-type train --pid 0)
            AMPHORA_RUN=$id amphora get data --quiet
            echo $id
            """)
        try await project.serving { address in
            let faults = try await browser.withTab(.light) { tab in
                try await tab.open("\(address)/runs/\(id)/lineage")
                try await tab.click("Zoom in")
                try await tab.write("train", into: "Find in the graph")
                try await tab.evaluate(
                    "globalThis.field = document.activeElement; globalThis.graph = document.querySelector('.graph'); true"
                )
                let nodes = try await tab.evaluate("document.querySelectorAll('.node').length").int ?? 0
                let scale = "graph.getBoundingClientRect().width / graph.viewBox.baseVal.width"
                let before = try await tab.evaluate(scale).number ?? 0
                #expect(before > 1.2)
                try await project.script(
                    "echo 2 >model; AMPHORA_RUN=\(id) amphora put model --name model --type model --quiet")
                try await tab.wait(until: "document.querySelectorAll('.node').length === \(nodes + 1)")
                #expect(
                    try await tab.evaluate(
                        "document.activeElement === field && field.value === 'train' && graph.isConnected")
                        == true)
                let after = try await tab.evaluate(scale).number ?? 0
                #expect(abs(after - before) < 0.001)
                return tab.faults
            }
            #expect(faults == [])
        }
    }
}
