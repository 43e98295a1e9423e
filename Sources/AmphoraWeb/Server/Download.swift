import Amphora
import Dispatch
import Synchronization

/// A file on its way to a reader.
struct Download: Sendable {
    let path: ArtifactPath
    let byteCount: Int
    /// The same for the same bytes.
    let tag: String
    /// As what browsers show it, being of a kind that cannot do anything; `nil` if they are to save it.
    var shown: ImageKind?
    /// Hands out a part of the content, or all of it, verified.
    let read: @Sendable (Range<Int>?, (UnsafeRawBufferPointer) throws -> Void) throws -> Void

    var mediaType: String { shown?.mediaType ?? "application/octet-stream" }

    /// Tells browsers to save the file, under its name.
    var disposition: String? {
        guard shown == nil else { return nil }
        let name = path.components.last.map { PercentEncoding.encode($0) } ?? ""
        return "attachment; filename*=UTF-8''\(name)"
    }

    /// What comes in one piece: a thread of its own would cost more than the memory.
    static let pieceLength = 256 << 10

    /// The bytes of a part, at once.
    func bytes(_ range: Range<Int>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(whole(range)) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Hands the content out piece by piece, no faster than the reader takes it.
    ///
    /// A thread of its own reads, a few pieces ahead.
    ///
    /// - Parameters:
    ///   - range: The bytes that are wanted.
    ///   - threads: As many as there are downloads at once, and for nothing else: a reader who takes nothing keeps one.
    ///   - body: Gets the pieces.
    /// - Throws: What `body` throws; what is wrong with the file; `CancellationError`.
    func send(
        _ range: Range<Int>, on threads: Threads, _ body: ([UInt8]) async throws -> Void
    ) async throws {
        let (pieces, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        // Made empty: one that has less than at its beginning must not be let go of.
        let places = DispatchSemaphore(value: 0)
        for _ in 0..<4 { places.signal() }
        let isOver = Atomic(false)
        defer {
            isOver.store(true, ordering: .relaxed)
            places.signal()
        }
        threads { [self] in
            do {
                try read(whole(range)) { bytes in
                    for start in stride(from: 0, to: bytes.count, by: Self.pieceLength) {
                        places.wait()
                        guard !isOver.load(ordering: .relaxed) else { throw CancellationError() }
                        continuation.yield(Array(bytes[start..<min(start + Self.pieceLength, bytes.count)]))
                    }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        for try await piece in pieces {
            try await body(piece)
            places.signal()
        }
        // The pieces of who is cancelled just end.
        try Task.checkCancellation()
    }

    /// Only what is read as a whole is checked as a whole.
    private func whole(_ range: Range<Int>) -> Range<Int>? { range.count == byteCount ? nil : range }
}
