import Amphora
import Dispatch
import Synchronization

/// A file of a version on its way to a reader.
struct Download: Sendable {
    let version: Version
    let path: ArtifactPath
    let byteCount: Int
    /// The same for the same bytes.
    let tag: String

    /// Tells browsers to save the file, under its name.
    var disposition: String {
        let name = path.components.last.map { PercentEncoding.encode($0) } ?? ""
        return "attachment; filename*=UTF-8''\(name)"
    }

    /// Hands the content out piece by piece, no faster than the reader takes it.
    ///
    /// A thread of its own reads, a few pieces ahead.
    ///
    /// - Parameters:
    ///   - range: The bytes that are wanted.
    ///   - body: Gets the pieces.
    /// - Throws: What `body` throws; what is wrong with the file; `CancellationError`.
    func send(_ range: Range<Int>, _ body: ([UInt8]) async throws -> Void) async throws {
        let (pieces, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        // Made empty: one that has less than at its beginning must not be let go of.
        let places = DispatchSemaphore(value: 0)
        for _ in 0..<4 { places.signal() }
        let isOver = Atomic(false)
        defer {
            isOver.store(true, ordering: .relaxed)
            places.signal()
        }
        DispatchQueue.global().async { [self] in
            do {
                try version.read(path.description, in: range.count == byteCount ? nil : range) { bytes in
                    for start in stride(from: 0, to: bytes.count, by: 256 << 10) {
                        places.wait()
                        guard !isOver.load(ordering: .relaxed) else { throw CancellationError() }
                        continuation.yield(Array(bytes[start..<min(start + 256 << 10, bytes.count)]))
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
}
