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
    private let drawings: Drawings
    private let downloads: Counter
    private let downloadThreads: Threads
    private let events: Counter
    private let answered = AnsweredPlaces()

    init(gate: Gate, pages: Pages, limits: Limits) {
        self.gate = gate
        self.pages = pages
        self.limits = limits
        workers = Workers(limits)
        drawings = Drawings(workers, patience: limits.drawing)
        downloads = Counter(limit: limits.downloadCount)
        downloadThreads = Threads(count: limits.downloadCount)
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
                Problem(error, remotes: pages.project.remotes), at: place,
                isForPrograms: parts[0].hasPrefix("/api/"), pages.project)
        }
    }

    private func answer(_ place: Place, _ query: Query, _ request: Request) async throws -> Response {
        let known = request.headers[values: .ifNoneMatch]
        let answer = try await workers { [pages, answered] in
            try pages.answer(place, query) { tag, isOfStore in
                known.contains { $0.contains(tag) } && (!isOfStore || answered.contains(place, query, tag))
            }
        }
        switch answer {
        case .unchanged(let tag): return Response(status: .notModified, headers: [.eTag: tag])
        case .page(var page, let tag):
            await page.draw(drawings)
            let html = try await workers { [page, pages] in
                page.html(.live, pages.project, search: query["q"] ?? "")
            }
            var headers: HTTPFields = [.contentType: "text/html; charset=utf-8"]
            if page.isWhole {
                headers[.eTag] = tag
                answered.insert(place, query, tag)
            }
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
        case .json(let json, let tag):
            answered.insert(place, query, tag)
            return Response(
                status: .ok, headers: [.contentType: "application/json", .eTag: tag],
                body: ResponseBody(byteBuffer: ByteBuffer(string: json.canonical + "\n")))
        case .asset(let asset):
            return Response(
                status: .ok,
                headers: [.contentType: asset.mediaType, .cacheControl: "max-age=31536000, immutable"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        case .redirect(let address):
            return Response(status: .found, headers: [.location: address])
        case .download(let file): return try await download(file, request)
        case .events(let id): return try follow(id)
        }
    }

    /// Sends a file, or the part that is asked for; piece by piece, if it is long.
    private func download(_ file: Download, _ request: Request) async throws -> Response {
        var headers: HTTPFields = [
            .contentType: file.mediaType, .eTag: file.tag, .acceptRanges: "bytes",
        ]
        headers[.contentDisposition] = file.disposition
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
            var response = Response(.noSuchBytes, isForPrograms: false, pages.project)
            response.headers[.contentRange] = "bytes */\(file.byteCount)"
            return response
        }
        return Response(
            status: headers[.contentRange] == nil ? .ok : .partialContent, headers: headers,
            body: try await body(of: file, range))
    }

    private func body(of file: Download, _ range: Range<Int>) async throws -> ResponseBody {
        guard range.count > Download.pieceLength else {
            return ResponseBody(byteBuffer: ByteBuffer(bytes: try await workers { try file.bytes(range) }))
        }
        let place = try downloads.place()
        return ResponseBody(contentLength: range.count) { [downloadThreads] writer in
            defer { withExtendedLifetime(place) {} }
            try await file.send(range, on: downloadThreads) { try await writer.write(ByteBuffer(bytes: $0)) }
            try await writer.finish(nil)
        }
    }

    /// Tells of each change of a run, until it has ended or the server does.
    private func follow(_ id: RunID) throws -> Response {
        let stream = RunEvents(id: id, workers: workers, pages: pages, place: try events.place())
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody(asyncSequence: stream.cancelOnGracefulShutdown()))
    }
}
