public import AmphoraObjects
import AmphoraStore
import FoundationEssentials

extension Run {
    /// Logs metrics of one step.
    ///
    /// They are saved with the next save, at most half a minute later if logging goes on, and at the end;
    /// memory stays bounded however many there are.
    ///
    /// - Parameters:
    ///   - metrics: Finite numbers, and other JSON values that belong to the step.
    ///   - step: `nil` is the step after the last one. Several calls may have the same step.
    /// - Throws: ``InvalidMetric`` for a number that is not finite or a name that begins with `_`.
    public func log(metrics: [String: JSONValue], step: Int? = nil) throws {
        try InvalidMetric.check(metrics, in: "metrics")
        let time = (store.surroundings.now().timeIntervalSince1970 * 1000).rounded() / 1000
        try withBuffer { buffer in
            let step = try step ?? Run.step(after: buffer.lastStep ?? store.lastStep(of: id) ?? -1)
            buffer.lastStep = step
            var line = metrics
            line["_step"] = .int(Int64(step))
            line["_time"] = .double(time)
            buffer.lines += Array("\(JSONValue.object(line).canonical)\n".utf8)
            if buffer.lines.count >= RunBuffer.segmentByteCount {
                buffer.segments.append(try store.writeSegment(buffer.lines))
                buffer.lines = []
            }
        }
        try saveIfDue()
    }

    /// The step that follows; the last one that there is follows itself.
    static func step(after step: Int) -> Int { step == .max ? step : step + 1 }

    /// Logs images of one step, with their captions.
    ///
    /// - Parameters:
    ///   - images: Kept in their order, behind those that this key and step have already.
    ///   - key: What they show, such as `hardest`; slashes make groups.
    ///   - step: The step they belong to.
    /// - Throws: `InvalidEntryName` if the key is not a path that git allows.
    public func log(images: [(image: PNGImage, caption: String)], key: String, step: Int = 0) throws {
        let path = try ArtifactPath(key)
        let files = try store.whileWriting {
            let writer = try store.makeWriter()
            let files = try images.map { image in
                let bytes = image.image.encoded
                let id = try writer.write(blob: bytes)
                return (
                    file: StoredFile(mode: .file, id: id.objectID, byteCount: bytes.count),
                    caption: image.caption
                )
            }
            try writer.finish()
            return files
        }
        withBuffer { $0.media.append(MediaEntry(path: "media/\(path)/\(step)", images: files)) }
        try saveIfDue()
    }
}

extension Store {
    /// Writes metrics as a blob that a later save names.
    func writeSegment(_ lines: [UInt8]) throws -> StoredFile {
        try whileWriting {
            let writer = try makeWriter()
            let id = try writer.write(blob: lines)
            try writer.finish()
            return StoredFile(mode: .file, id: id.objectID, byteCount: lines.count)
        }
    }
}

/// A value that a run cannot hold.
public struct InvalidMetric: UserFacingError, Equatable {
    let what: String
    let path: String
    let isReserved: Bool

    public var code: ErrorCode { .invalidArgument }
    public var message: String {
        isReserved
            ? "the name '\(path)' in the \(what) begins with '_'" : "'\(path)' in the \(what) is not finite"
    }
    public var hint: String? {
        isReserved
            ? "Names like `_step` and `_time` are the store's own."
            : "JSON has no NaN and no infinity: leave the value out, or write it as text."
    }

    static func check(_ entries: [String: JSONValue], in what: String) throws(InvalidMetric) {
        if let path = JSONValue.object(entries).firstNonFinite() {
            throw InvalidMetric(what: what, path: path, isReserved: false)
        }
        if what == "metrics", let name = entries.keys.first(where: { $0.hasPrefix("_") }) {
            throw InvalidMetric(what: what, path: name, isReserved: true)
        }
    }
}
