import Amphora
import Dispatch
import Synchronization

/// A file of a version on its way to a reader.
struct Download: Sendable {
    let version: Version
    let path: ArtifactPath
    let byteCount: Int

    /// Tells browsers to save the file, under its name.
    var disposition: String {
        let name = path.components.last.map { PercentEncoding.encode($0) } ?? ""
        return "attachment; filename*=UTF-8''\(name)"
    }

    /// Hands the content out piece by piece, no faster than the reader takes it.
    ///
    /// A thread of its own reads, a few pieces ahead.
    ///
    /// - Throws: What `body` throws; what is wrong with the file.
    func send(_ body: ([UInt8]) async throws -> Void) async throws {
        let (pieces, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let places = DispatchSemaphore(value: 4)
        let isOver = Atomic(false)
        defer {
            isOver.store(true, ordering: .relaxed)
            places.signal()
        }
        DispatchQueue.global().async { [self] in
            do {
                try version.read(path.description) { bytes in
                    for start in stride(from: 0, to: bytes.count, by: 256 << 10) {
                        let wait = places.wait(timeout: .now() + .seconds(Limits.stall))
                        guard wait == .success, !isOver.load(ordering: .relaxed) else { throw ReaderGone() }
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
    }

    private struct ReaderGone: Error {}
}
