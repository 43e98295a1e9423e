import AmphoraObjects
import AmphoraPack

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Repository {
    /// Lends the content of a loose object, or returns `nil` if the object is not loose here.
    ///
    /// Not through libgit2: 1.5.1 never returns from reading a loose object that breaks off, and its SHA-1
    /// is several times slower.
    func withLooseObject<Result>(
        _ id: ObjectID, as kind: ObjectKind, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result? {
        let digits = id.description
        let descriptor = open(
            "\(path)objects/\(digits.prefix(2))/\(digits.dropFirst(2))", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let object: LooseObject
        do {
            let file = try Self.contents(of: descriptor)
            object = try file.withUnsafeBytes { bytes throws(MalformedObject) in
                try LooseObject(bytes, id: id, with: inflater)
            }
        } catch {
            throw DamagedObject(id: id, cause: error)
        }
        guard object.kind == kind else { throw DamagedObject(id: id, expected: kind) }
        return try object.withContent(body)
    }

    private static func contents(of descriptor: CInt) throws(MalformedObject) -> [UInt8] {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            throw MalformedObject(kind: "object", reason: "it cannot be read")
        }
        let size = Int(info.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = readSome(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                guard got > 0 else { return }
                count += got
            }
        }
        guard bytes.count == size else { throw MalformedObject(kind: "object", reason: "it cannot be read") }
        return bytes
    }
}

/// read(2), inside a type that has a `read` of its own.
private func readSome(_ descriptor: CInt, _ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
