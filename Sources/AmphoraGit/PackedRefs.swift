package import AmphoraObjects

/// The file `packed-refs`, as git-pack-refs(1) writes it.
package enum PackedRefs {
    /// Hands out the refs in the file's order.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - body: Gets each ref's name and target.
    ///   - peeled: Gets what the ref before it stands for in the end, if that is an annotated tag.
    /// - Returns: Whether the file says so for all that are.
    /// - Throws: `MalformedObject` for a line of another form.
    @discardableResult
    package static func read(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, ObjectID) -> Void,
        peeled: (ObjectID) -> Void = { _ in }
    ) throws(MalformedObject) -> Bool {
        var isFullyPeeled = false
        var rest = bytes[...]
        while let first = rest.first {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            if first == UInt8(ascii: "#") {
                isFullyPeeled = String(decoding: line, as: UTF8.self).contains(" fully-peeled")
                continue
            }
            if first == UInt8(ascii: "^"), let target = ObjectID(hexDigits: line.dropFirst()) {
                peeled(target)
                continue
            }
            guard line.count > 41, line[line.startIndex + 40] == UInt8(ascii: " "),
                let target = ObjectID(hexDigits: line.prefix(40))
            else { throw MalformedObject(kind: "file", reason: "a line of 'packed-refs' is malformed") }
            body(UnsafeRawBufferPointer(rebasing: line.dropFirst(41)), target)
        }
        return isFullyPeeled
    }
}
