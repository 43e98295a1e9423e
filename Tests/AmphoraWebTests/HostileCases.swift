@testable import AmphoraWeb

/// Something that attacks, and what it gets.
struct HostileCase: Sendable {
    let tried: String
    /// What the server says: a status, or that nothing comes; then what a reader sees.
    let gets: String
    /// All of the request, byte by byte.
    let request: [UInt8]
    /// What the answer has in it, to show that the value did get there.
    var shows: String?

    init(_ tried: String, _ gets: String, request: [UInt8], shows: String? = nil) {
        self.tried = tried
        self.gets = gets
        self.request = request
        self.shows = shows
    }

    /// Asks for an address.
    init(_ tried: String, _ gets: String, _ address: String, shows: String? = nil) {
        self.init(
            tried, gets,
            request: Array("GET \(address) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8),
            shows: shows)
    }

    /// Asks with other lines after the first.
    init(_ tried: String, _ gets: String, line: String = "GET /api/v1 HTTP/1.1", _ lines: [String]) {
        self.init(tried, gets, request: Array(([line] + lines + ["", ""]).joined(separator: "\r\n").utf8))
    }

    /// The number of the status, or `nil` if nothing is to come.
    var status: Int? { Int(gets.prefix(3)) }
}

/// What is alike among the cases.
enum HostileGroup: String, CaseIterable, Sendable {
    case addresses = "Addresses"
    case questions = "Parameters"
    case requests = "Requests"
    case values = "Stored values"

    func cases(_ store: HostileStore) -> [HostileCase] {
        switch self {
        case .addresses: Self.addresses(store)
        case .questions: Self.questions(store)
        case .requests: Self.rawRequests
        case .values: Self.values(store)
        }
    }
}

extension HostileGroup {
    private static func addresses(_ store: HostileStore) -> [HostileCase] {
        let version = "/artifacts/hostile/v0"
        let run = "/runs/\(store.run)"
        return [
            HostileCase("`/<script>alert(1)</script>`", "404", "/<script>alert(1)</script>"),
            HostileCase("the same, encoded", "404", "/%3Cscript%3Ealert(1)%3C/script%3E"),
            HostileCase("`/../../etc/passwd`", "404", "/../../etc/passwd"),
            HostileCase("`/%2e%2e/%2e%2e/etc/passwd`", "404", "/%2e%2e/%2e%2e/etc/passwd"),
            HostileCase("`..` in a download", "404", "\(version)/download/../../../../etc/passwd"),
            HostileCase("`..%2f` in a download", "404", "\(version)/download/..%2f..%2fetc%2fpasswd"),
            HostileCase(
                "`%252e%252e%252f` (twice encoded)", "404",
                "\(version)/download/%252e%252e%252fetc%252fpasswd"),
            HostileCase("`..%5c` (backslashes)", "404", "\(version)/files/..%5c..%5cetc%5cpasswd"),
            HostileCase("`%00` in a name", "404", "\(version)/files/a%00.png"),
            HostileCase("`%c0%ae` (overlong dots)", "404", "\(version)/files/%c0%ae%c0%ae/etc/passwd"),
            HostileCase("`%ff%fe` (no UTF-8)", "404", "/%ff%fe"),
            HostileCase(
                "bytes that are no ASCII", "400",
                request: Array("GET /".utf8) + [0xFF]
                    + Array(
                        " HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
            HostileCase("`%zz`", "404", "/%zz"),
            HostileCase("`//evil.example/`", "404", "//evil.example/"),
            HostileCase("`/\\evil.example`", "404", "/\\evil.example"),
            HostileCase("an empty part", "404", "/artifacts//hostile"),
            HostileCase("`/javascript:alert(1)`", "404", "/javascript:alert(1)"),
            HostileCase("`;jsessionid=1`", "404", "\(version);jsessionid=1"),
            HostileCase("`%0d%0aSet-Cookie:`", "404", "/%0d%0aX-Evil:%20yes"),
            HostileCase("a name that runs backwards (U+202E)", "404", "/artifacts/%e2%80%aeelitsoh"),
            HostileCase("`/.git/config`", "404", "/.git/config"),
            HostileCase("`/.amphora/config`", "404", "/.amphora/config"),
            HostileCase("`.git/config` in a version", "404", "\(version)/download/.git/config"),
            HostileCase("an alias `../../heads/x`", "404", "/artifacts/hostile/alias/..%2f..%2fheads%2fx"),
            HostileCase("version `v-1`", "404", "/artifacts/hostile/v-1"),
            HostileCase("version `v99999999999999999999`", "404", "/artifacts/hostile/v99999999999999999999"),
            HostileCase("run `*`", "404", "/runs/*"),
            HostileCase("run `refs/notes/runs/…`", "404", "/runs/refs%2fnotes%2fruns%2f\(store.run)"),
            HostileCase("an image `../run.json`", "404", "\(run)/image/../run.json"),
            HostileCase("an image `run.json`", "404", "\(run)/image/run.json"),
            HostileCase("an asset `../Package.swift`", "404", "/assets/..%2fPackage.swift"),
            HostileCase("`/api/v1/../../etc/passwd`", "404", "/api/v1/../../etc/passwd"),
            HostileCase("1,000 folders", "404", "\(version)/files" + String(repeating: "/a", count: 1000)),
            HostileCase("an address of 9,000 bytes", "414", "/" + String(repeating: "a", count: 9000)),
            HostileCase("an address of 20,000 bytes", "400", "/" + String(repeating: "a", count: 20_000)),
        ]
    }

    private static func questions(_ store: HostileStore) -> [HostileCase] {
        let attack = PercentEncoding.encode(#""><script>alert(1)</script>"#.utf8)
        let version = "/artifacts/hostile/v0"
        let run = "/runs/\(store.run)"
        return [
            HostileCase(
                "`q` with markup, search", "200", "/search?q=\(attack)", shows: "&quot;&gt;&lt;script"),
            HostileCase("`q` with markup, runs", "200", "/runs?q=\(attack)", shows: "&quot;&gt;&lt;script"),
            HostileCase(
                "`q` with markup, versions", "200", "/artifacts/hostile?q=\(attack)", shows: "&lt;script"),
            HostileCase(
                "`q` of unclosed quotes and operators", "200", "/search?q=%22%3D%3D%3C%3E%21%22%22%22"),
            HostileCase(
                "`q` of 3,000 conditions", "200", "/search?q=" + String(repeating: "a+", count: 3000)),
            HostileCase("`q` that is no UTF-8", "200", "/search?q=%ff%fe"),
            HostileCase("`sort` with markup", "400", "/runs?sort=\(attack)"),
            HostileCase("`column` with markup", "200", "/runs?column=\(attack)"),
            HostileCase("`page=-1`", "400", "/runs?page=-1"),
            HostileCase("`page=9223372036854775807`", "200", "/runs?page=9223372036854775807"),
            HostileCase("`rows=0`", "400", "/runs?rows=0"),
            HostileCase("`rows=9223372036854775807`", "400", "/runs?rows=9223372036854775807"),
            HostileCase("`rows` with markup", "400", "/runs?rows=\(attack)"),
            HostileCase("`run` with markup", "404", "/compare?run=\(attack)"),
            HostileCase("`run=../../x`", "404", "/compare?run=../../x"),
            HostileCase(
                "`run` 600 times", "200",
                "/compare?" + Array(repeating: "run=\(store.run)", count: 600).joined(separator: "&")),
            HostileCase("`with` with markup", "400", "\(version)/compare?with=\(attack)"),
            HostileCase("`with=../../x`", "400", "\(version)/compare?with=../../x"),
            HostileCase("`around` with markup", "400", "/lineage?around=\(attack)"),
            HostileCase("`around=../../x`", "400", "/lineage?around=../../x"),
            HostileCase("`direction` with markup", "400", "/lineage?around=hostile&direction=\(attack)"),
            HostileCase("`depth=-5`", "400", "/lineage?around=hostile&depth=-5"),
            HostileCase(
                "`depth=9223372036854775807`", "200", "/lineage?around=hostile&depth=9223372036854775807"),
            HostileCase("`open` with markup", "200", "/lineage?open=\(attack)"),
            HostileCase("`x` and `scale` with markup", "400", "\(run)/charts?x=\(attack)&scale=\(attack)"),
            HostileCase("`limit=-1`", "400", "/api/v1/runs?limit=-1"),
            HostileCase("`limit=9223372036854775807`", "400", "/api/v1/runs?limit=9223372036854775807"),
            HostileCase(
                "`after=9223372036854775807`", "400", "/api/v1\(run)/history?after=9223372036854775807"),
            HostileCase("`after` with markup", "400", "/api/v1/runs?after=\(attack)"),
            HostileCase(
                "`path=../../etc/passwd`", "400",
                "/api/v1/artifacts/hostile/versions/v0/files?path=../../etc/passwd"),
            HostileCase("`metric` with markup", "200", "/api/v1/runs/\(store.run)/history?metric=\(attack)"),
            HostileCase("`token` with markup, where none is asked for", "200", "/?token=\(attack)"),
            HostileCase("`token` with a line break", "200", "/?token=%0d%0aX-Evil:%20yes"),
            HostileCase("a name with markup", "200", "/runs?\(attack)=1"),
            HostileCase("`%zz` as name and value", "200", "/runs?%zz=%zz"),
        ]
    }

    private static let rawRequests = [
        HostileCase("`Host: evil.example` (rebinding)", "421", ["Host: evil.example"]),
        HostileCase("`Host: localhost.evil.example`", "421", ["Host: localhost.evil.example"]),
        HostileCase("`Host: 127.0.0.1@evil.example`", "421", ["Host: 127.0.0.1@evil.example"]),
        HostileCase("`Host:` empty", "421", ["Host:"]),
        HostileCase("no `Host`", "421", []),
        HostileCase("HTTP/1.0 without `Host`", "421", line: "GET / HTTP/1.0", []),
        HostileCase(
            "`X-Forwarded-Host: localhost`", "421", ["Host: evil.example", "X-Forwarded-Host: localhost"]),
        HostileCase(
            "`Origin: https://evil.example`", "200, no CORS header",
            ["Host: localhost", "Origin: https://evil.example"]),
        HostileCase(
            "a preflight from elsewhere", "405", line: "OPTIONS /api/v1 HTTP/1.1",
            ["Host: localhost", "Origin: https://evil.example", "Access-Control-Request-Method: GET"]),
        HostileCase(
            "`GET http://evil.example/api/v1`", "200, as `/api/v1`",
            line: "GET http://evil.example/api/v1 HTTP/1.1",
            ["Host: localhost"]),
        HostileCase("POST", "405", line: "POST / HTTP/1.1", ["Host: localhost", "Content-Length: 0"]),
        HostileCase(
            "PUT", "405", line: "PUT /artifacts/x HTTP/1.1", ["Host: localhost", "Content-Length: 0"]),
        HostileCase("DELETE", "405", line: "DELETE /artifacts/hostile HTTP/1.1", ["Host: localhost"]),
        HostileCase("TRACE", "405", line: "TRACE / HTTP/1.1", ["Host: localhost", "X-Evil: yes"]),
        HostileCase("CONNECT", "405", line: "CONNECT localhost:22 HTTP/1.1", ["Host: localhost"]),
        HostileCase("a method of its own", "400", line: "EVIL / HTTP/1.1", ["Host: localhost"]),
        HostileCase(
            "`X-HTTP-Method-Override: DELETE`", "200, as GET",
            ["Host: localhost", "X-HTTP-Method-Override: DELETE"]),
        HostileCase(
            "both `Content-Length` and `Transfer-Encoding`", "400", line: "POST / HTTP/1.1",
            ["Host: localhost", "Content-Length: 4", "Transfer-Encoding: chunked"]),
        HostileCase(
            "two lengths", "400", line: "POST / HTTP/1.1",
            ["Host: localhost", "Content-Length: 4", "Content-Length: 5"]),
        HostileCase("a length of -1", "400", ["Host: localhost", "Content-Length: -1"]),
        HostileCase("a space before the colon", "400", ["Host: localhost", "X-A : b"]),
        HostileCase("a header that goes on in the next line", "400", ["Host: localhost", "X-A: b", " c"]),
        HostileCase(
            "a header of 20 KB", "400", ["Host: localhost", "X-A: " + String(repeating: "a", count: 20_000)]),
        HostileCase("200 headers", "400", ["Host: localhost"] + (0..<200).map { "X-\($0): a" }),
        HostileCase(
            "`Range` of 1,000 parts", "200, the file once",
            line: "GET /artifacts/hostile/v0/download/notes.md HTTP/1.1",
            ["Host: localhost", "Range: bytes=" + Array(repeating: "0-", count: 1000).joined(separator: ",")]),
        HostileCase(
            "`Range: bytes=9223372036854775807-`", "416",
            line: "GET /artifacts/hostile/v0/download/notes.md HTTP/1.1",
            ["Host: localhost", "Range: bytes=9223372036854775807-"]),
        HostileCase(
            "`If-None-Match` with markup", "200", ["Host: localhost", "If-None-Match: \"<script>alert(1)\""]),
        HostileCase(
            "cookies of 10 KB", "200",
            ["Host: localhost", "Cookie: " + String(repeating: "a=b; ", count: 2000)]),
        HostileCase("an upgrade to WebSocket", "200, as GET", ["Host: localhost", "Upgrade: websocket"]),
        HostileCase("HTTP/2 without asking", "400", request: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)),
        HostileCase("TLS", "400", request: [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00]),
        HostileCase("HTTP/0.9", "400", request: Array("GET /\r\n".utf8)),
    ]
}
