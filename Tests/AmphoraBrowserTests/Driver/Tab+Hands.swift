import Amphora

/// What a reader does.
extension Tab {
    /// Clicks on the first thing of that name, where it is seen.
    func click(_ name: String, in area: String = "body") async throws {
        let place = try await place(of: name, in: area)
        for type in ["mousePressed", "mouseReleased"] {
            try await mouse(type, place, ["button": "left", "clickCount": 1])
        }
    }

    /// Clicks on what leads to another page.
    func follow(_ name: String, in area: String = "body") async throws {
        try await turn { try await click(name, in: area) }
    }

    /// Moves the pointer over something.
    func point(at selector: String) async throws {
        let place = try await evaluate(
            "page.place(document.querySelector(\(JSONValue.string(selector).canonical)))")
        try await mouse("mouseMoved", place)
    }

    /// Writes into the field of that name.
    func write(_ text: String, into name: String, in area: String = "body") async throws {
        try await click(name, in: area)
        try await evaluate("document.activeElement.select()")
        try await send("Input.insertText", ["text": .string(text)])
    }

    func press(_ key: String) async throws {
        let keys: [String: (code: Int64, text: String)] = ["Enter": (13, "\r"), "Tab": (9, "")]
        let code = keys[key]?.code ?? 0
        for type in ["keyDown", "keyUp"] {
            try await send(
                "Input.dispatchKeyEvent",
                [
                    "type": .string(type), "key": .string(key), "code": .string(key),
                    "windowsVirtualKeyCode": .int(code),
                    "text": .string(type == "keyDown" ? keys[key]?.text ?? "" : ""),
                ])
        }
    }

    private func place(of name: String, in area: String) async throws -> JSONValue {
        let words = [name, area].map { JSONValue.string($0).canonical }.joined(separator: ", ")
        return try await evaluate("page.place(page.find(\(words)))")
    }

    private func mouse(_ type: String, _ place: JSONValue, _ more: [String: JSONValue] = [:]) async throws {
        var details = more
        details["type"] = .string(type)
        details["x"] = place["x"]
        details["y"] = place["y"]
        try await send("Input.dispatchMouseEvent", details)
    }
}
