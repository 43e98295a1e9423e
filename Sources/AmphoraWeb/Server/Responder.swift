import Amphora
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Turns requests into answers, and answers into HTTP.
struct Responder: HTTPResponder {
    typealias Context = BasicRequestContext

    let gate: Gate
    let pages: Pages
    private let limits: Limits
    let workers: Workers
    private let drawings = Drawings()
    private let downloads: Counter
    private let events: Counter

    init(gate: Gate, pages: Pages, limits: Limits) {
        self.gate = gate
        self.pages = pages
        self.limits = limits
        workers = Workers(limits)
        downloads = Counter(limit: limits.downloadCount)
        events = Counter(limit: limits.eventCount)
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var response = await answer(request)
        for field in Self.safety where response.headers[field.name] == nil {
            response.headers.append(field)
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// What every answer says, so that nothing in a store can act in the reader's name.
    private static let safety: HTTPFields = [
        .contentSecurityPolicy: "\(Page.policy); frame-ancestors 'none'",
        .xContentTypeOptions: "nosniff",
        .crossOriginResourcePolicy: "same-origin", .cacheControl: "no-cache",
    ]

    private func answer(_ request: Request) async -> Response {
        let address = request.head.path ?? "/"
        let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let place = Place(path: String(parts[0]))
        let query = Query(parsing: parts.count > 1 ? parts[1] : "")
        do {
            switch gate.judge(request, query) {
            case .pass: break
            case .remember(let cookie):
                let address = Links.live(place ?? .project, query.with(["token": nil]))
                return Response(status: .seeOther, headers: [.location: address, .setCookie: cookie])
            case .foreignName: throw Problem.foreignName
            case .tokenWanted: throw Problem.tokenWanted
            }
            guard request.method == .get || request.method == .head else { throw Problem.readOnly }
            guard address.utf8.count <= limits.addressLength else { throw Problem.addressTooLong }
            guard let place else { throw Problem.noSuchPlace }
            return try await answer(place, query, request)
        } catch {
            return Response(
                Problem(error), at: place, isForPrograms: parts[0].hasPrefix("/api/"), pages.projectName)
        }
    }

    private func answer(_ place: Place, _ query: Query, _ request: Request) async throws -> Response {
        let known = request.headers[values: .ifNoneMatch]
        let answer = try await workers { [pages] in
            try pages.answer(place, query, unless: { tag in known.contains { $0.contains(tag) } })
        }
        switch answer {
        case .unchanged(let tag): return Response(status: .notModified, headers: [.eTag: tag])
        case .page(var page, let tag):
            await page.draw(drawings)
            let html = try await workers { [page, pages] in
                page.html(.live, projectName: pages.projectName, search: query["q"] ?? "")
            }
            var headers: HTTPFields = [.contentType: "text/html; charset=utf-8"]
            if page.isWhole { headers[.eTag] = tag }
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
        case .json(let json, let tag):
            return Response(
                status: .ok, headers: [.contentType: "application/json", .eTag: tag],
                body: ResponseBody(byteBuffer: ByteBuffer(string: json.canonical + "\n")))
        case .bytes(let bytes, let mediaType):
            return Response(
                status: .ok, headers: [.contentType: mediaType],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .asset(let asset):
            return Response(
                status: .ok,
                headers: [.contentType: asset.mediaType, .cacheControl: "max-age=31536000, immutable"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        case .redirect(let address):
            return Response(status: .found, headers: [.location: address])
        case .download(let file): return try download(file, request)
        case .events(let id): return try follow(id)
        }
    }

    /// Sends a file, or the part that is asked for, piece by piece, as something to save.
    private func download(_ file: Download, _ request: Request) throws -> Response {
        var headers: HTTPFields = [
            .contentType: "application/octet-stream", .contentDisposition: file.disposition,
            .eTag: file.tag, .acceptRanges: "bytes",
        ]
        // What is left of a file that is another by now would be of no use.
        let isSame = request.headers[.ifRange].map { $0 == file.tag } ?? true
        let wanted = request.method == .get && isSame ? request.headers[.range] : nil
        var range = 0..<file.byteCount
        switch ByteRange(wanted, of: file.byteCount) {
        case .whole: break
        case .part(let part):
            range = part
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.byteCount)"
        case .nothing:
            var response = Response(.noSuchBytes, isForPrograms: false, pages.projectName)
            response.headers[.contentRange] = "bytes */\(file.byteCount)"
            return response
        }
        let place = try downloads.place()
        let body = ResponseBody(contentLength: range.count) { [range] writer in
            defer { withExtendedLifetime(place) {} }
            try await file.send(range) { try await writer.write(ByteBuffer(bytes: $0)) }
            try await writer.finish(nil)
        }
        return Response(
            status: headers[.contentRange] == nil ? .ok : .partialContent, headers: headers, body: body)
    }

    /// Tells of each change of a run, until it has ended or the server does.
    private func follow(_ id: RunID) throws -> Response {
        let stream = RunEvents(id: id, workers: workers, pages: pages, place: try events.place())
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody(asyncSequence: stream.cancelOnGracefulShutdown()))
    }
}
