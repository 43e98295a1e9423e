import Amphora
import Foundation

/// A page in a browser, and what goes wrong in it.
@Driver final class Tab {
    let look: Look
    private let tools: DevTools
    private let session: String
    private let context: JSONValue
    private var awaited: Awaited?
    /// Messages of scripts, failures, breaches of the security policy, and what else the browser finds amiss.
    private(set) var faults: [String] = []

    init(_ tools: DevTools, session: String, context: JSONValue, _ look: Look) async throws {
        self.tools = tools
        self.session = session
        self.context = context
        self.look = look
        tools.listen(to: session) { [weak self] in self?.hear($0, $1) }
        for domain in ["Page", "Runtime", "Log", "Audits", "Inspector"] { try await send("\(domain).enable") }
        try await send("Emulation.setFocusEmulationEnabled", ["enabled": true])
        try await send(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .int(Int64(look.width)), "height": .int(Int64(look.height)), "deviceScaleFactor": 1,
                "mobile": .bool(look.isPhone),
            ])
        try await send(
            "Emulation.setEmulatedMedia",
            [
                "features": [
                    ["name": "prefers-color-scheme", "value": look.isDark ? "dark" : "light"],
                    ["name": "prefers-reduced-motion", "value": "reduce"],
                ]
            ])
        try await send("Emulation.setScriptExecutionDisabled", ["value": .bool(!look.hasScripts)])
    }

    @discardableResult
    func send(_ method: String, _ details: [String: JSONValue] = [:]) async throws -> JSONValue {
        try await tools.send(method, details, to: session)
    }

    private func hear(_ event: String, _ details: JSONValue) {
        if event == awaited?.event, awaited?.isIt(details) == true {
            awaited?.hasCome = true
            if let id = awaited?.id { tools.settle(id, .success(.null)) }
        }
        switch event {
        case "Runtime.exceptionThrown":
            let exception = details["exceptionDetails"]
            faults.append(
                (exception?["exception"]?["description"] ?? exception?["text"])?.string ?? "exception")
        case "Runtime.consoleAPICalled":
            let words = details["args"]?.array?.map { ($0["value"] ?? $0["description"] ?? .null).canonical }
            faults.append("console: \(words?.joined(separator: " ") ?? "")")
        case "Log.entryAdded":
            let entry = details["entry"]
            faults.append("\(entry?["text"]?.string ?? "") \(entry?["url"]?.string ?? "")")
        case "Audits.issueAdded": faults.append(details["issue"]?.canonical ?? "issue")
        case "Inspector.targetCrashed": faults.append("crashed")
        default: break
        }
    }

    /// Takes the faults that are there, for a test that wants them.
    func takeFaults() -> [String] {
        defer { faults = [] }
        return faults
    }

    /// An event that somebody waits for.
    private struct Awaited {
        let event: String
        let isIt: (JSONValue) -> Bool
        var hasCome = false
        var id: Int?
    }

    /// Does something, and waits for an event that it leads to.
    func wait(
        for event: String, where isIt: @escaping (JSONValue) -> Bool = { _ in true },
        after act: () async throws -> Void
    ) async throws {
        awaited = Awaited(event: event, isIt: isIt)
        defer { awaited = nil }
        try await act()
        guard awaited?.hasCome == false else { return }
        _ = try await tools.answer(to: "what leads to \(event)") { awaited?.id = $0 }
    }

    /// Does what leads to another page, and waits until that is there.
    func turn(_ act: () async throws -> Void) async throws {
        try await wait(for: "Page.loadEventFired", after: act)
        try await evaluate(Self.script)
    }

    /// Clicks on what offers a file, and saves that in a folder under a name that the browser finds.
    func save(_ name: String, into folder: String) async throws {
        try await tools.send(
            "Browser.setDownloadBehavior",
            [
                "behavior": "allowAndName", "browserContextId": context, "downloadPath": .string(folder),
                "eventsEnabled": true,
            ])
        let isHere = { (file: JSONValue) in
            file["state"] == "completed"
                && FileManager.default.fileExists(atPath: "\(folder)/\(file["guid"]?.string ?? "")")
        }
        try await wait(for: "Browser.downloadProgress", where: isHere) { try await click(name) }
    }

    /// What tests ask of pages, as a script of its own.
    private static let script = String(decoding: PackageResources.page_js, as: UTF8.self)

    func open(_ address: String) async throws {
        try await turn {
            let answer = try await send("Page.navigate", ["url": .string(address)])
            if let error = answer["errorText"]?.string { throw BrowserFailure("\(address): \(error)") }
        }
    }

    /// The value of an expression, which may be a promise.
    @discardableResult
    func evaluate(_ script: String) async throws -> JSONValue {
        let answer = try await send(
            "Runtime.evaluate",
            ["expression": .string(script), "returnByValue": true, "awaitPromise": .bool(look.hasScripts)])
        if let exception = answer["exceptionDetails"] {
            throw BrowserFailure(
                (exception["exception"]?["description"] ?? exception["text"])?.string ?? "exception")
        }
        return answer["result"]?["value"] ?? .null
    }

    func text(_ script: String) async throws -> String { try await evaluate(script).string ?? "" }

    /// Waits until an expression is true; it is looked at again whenever the page changes.
    func wait(until condition: String) async throws {
        try await evaluate("page.until(() => \(condition))")
    }

    /// A picture of what is seen, down to where the page ends, as PNG in base 64.
    func picture() async throws -> String {
        let area = try await evaluate("page.whole()")
        return try await send("Page.captureScreenshot", ["format": "png", "clip": area])["data"]?.string ?? ""
    }
}
