package import AmphoraObjects

/// The file `packed-refs`, as git-pack-refs(1) writes it.
package enum PackedRefs {
    /// Hands out the refs in the file's order.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - body: Gets each ref's name and target.
    /// - Throws: `MalformedObject` for a line of another form.
    package static func read(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, ObjectID) -> Void
    ) throws(MalformedObject) {
        var rest = bytes[...]
        while let first = rest.first {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            // A comment, or what the annotated tag in the line before points at.
            if first == UInt8(ascii: "#") || first == UInt8(ascii: "^") { continue }
            guard line.count > 41, line[line.startIndex + 40] == UInt8(ascii: " "),
                let target = ObjectID(hexDigits: line.prefix(40))
            else { throw MalformedObject(kind: "file", reason: "a line of 'packed-refs' is malformed") }
            body(UnsafeRawBufferPointer(rebasing: line.dropFirst(41)), target)
        }
    }
}
