import AmphoraObjects
import Testing

@Suite("Errors, shown")
struct ErrorRenderingTests {
    private struct Failure: UserFacingError {
        var code = ErrorCode.conflict
        var message: String
        var hint: String?
        var cause: (any Error)?
    }

    private struct Plain: Error, CustomStringConvertible {
        let description = "disk on fire\u{7}"
    }

    @Test("What failed, what lies below it and what to do about it have a line each")
    func chain() {
        let bottom = Failure(code: .locked, message: "ref 'x' changed", hint: "Lower hint.")
        let middle = Failure(code: .notFound, message: "cannot swap", cause: bottom)
        let top = Failure(message: "cannot move alias 'prod'", cause: middle)
        #expect(
            render(top) == """
                error: cannot move alias 'prod'
                caused by: cannot swap
                caused by: ref 'x' changed
                hint: Lower hint.

                """)
        let report = ErrorReport(top)
        #expect(report.code == .conflict)
        #expect(report.causes == ["cannot swap", "ref 'x' changed"])
    }

    @Test("The hint nearest to the top is the one shown")
    func nearestHint() {
        let top = Failure(message: "a", hint: "Upper.", cause: Failure(message: "b", hint: "Lower."))
        #expect(render(top) == "error: a\ncaused by: b\nhint: Upper.\n")
    }

    @Test("An error that is not meant for people is an internal one, and ends the chain")
    func plain() {
        #expect(render(Plain()) == "error: disk on fire\\u{7}\n")
        #expect(ErrorReport(Plain()).code == .internal)
        #expect(render(Failure(message: "a", cause: Plain())) == "error: a\ncaused by: disk on fire\\u{7}\n")
    }

    @Test("Nothing that a name holds can drive the terminal or fake a line")
    func hostileNames() {
        let text = "'\u{1b}[2J\nhint: run this'"
        let error = Failure(message: "no \(text)", hint: "Try \(text).", cause: Failure(message: text))
        let shown = "'\\u{1b}[2J\\nhint: run this'"
        #expect(render(error) == "error: no \(shown)\ncaused by: \(shown)\nhint: Try \(shown).\n")
    }

    @Test("The report as JSON has the code, its exit status, and null for no hint")
    func json() {
        let top = Failure(code: .corrupt, message: "a", cause: Failure(message: "b"))
        #expect(
            ErrorReport(top).json.canonical
                == #"{"error":{"causes":["b"],"code":"corrupt","exit_status":13,"hint":null,"message":"a"}}"#)
        let hinted = Failure(code: .invalidArgument, message: "a", hint: "B.")
        #expect(
            ErrorReport(hinted).json.canonical
                == #"{"error":{"causes":[],"code":"invalid-argument","exit_status":64,"hint":"B.","message":"a"}}"#
        )
    }

    @Test("An error has no hint and no cause unless it says so, and its message describes it")
    func defaults() {
        struct Bare: UserFacingError {
            let code = ErrorCode.locked
            let message = "bare"
        }
        #expect(Bare().hint == nil)
        #expect(Bare().cause == nil)
        #expect("\(Bare())" == "bare")
    }

    @Test("Each class of failure has an exit status of its own, which scripts rely on")
    func exitStatuses() {
        let statuses: [String: Int32] = [
            "invalid-argument": 64, "not-found": 10, "already-exists": 11, "conflict": 12, "corrupt": 13,
            "locked": 14,
            "unavailable": 15, "internal": 70,
        ]
        #expect(
            Dictionary(uniqueKeysWithValues: ErrorCode.allCases.map { ($0.rawValue, $0.exitStatus) })
                == statuses)
    }

    @Test(
        "Control characters are written out, all else stays",
        arguments: [
            ("plain é 🦀", "plain é 🦀"), ("a\nb\tc", "a\\nb\\tc"), ("\r\n", "\\u{d}\\n"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("\u{0}\u{1f}\u{7f}\u{9f}", "\\u{0}\\u{1f}\\u{7f}\\u{9f}"),
            ("a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}"),
            ("e\u{301}\n", "e\u{301}\\n"), ("\u{a0}\u{200c}", "\u{a0}\u{200c}"), ("", ""),
        ])
    func escaping(text: String, shown: String) {
        #expect(Array(text.escapingControlCharacters().utf8) == Array(shown.utf8))
    }

    @Test("Policies for links have the words of the command line")
    func linkPolicies() {
        #expect(LinkPolicy.allCases.map(\.rawValue) == ["inside", "follow", "skip"])
    }
}
