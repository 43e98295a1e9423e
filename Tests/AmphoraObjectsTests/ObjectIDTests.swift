import AmphoraObjects
import TestSupport
import Testing

@Suite("Object IDs")
struct ObjectIDTests {
    private static let digits = "0123456789abcdef0123456789abcdef01234567"
    private static let bytes: [UInt8] = [
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23,
        0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67,
    ]

    @Test("Digits and bytes are two forms of the same ID")
    func forms() throws {
        let id = try ObjectID(hex: Self.digits)
        #expect(id.description == Self.digits)
        #expect(id == ObjectID(bytes: Self.bytes.span))
        var appended: [UInt8] = [0xff]
        id.append(to: &appended)
        #expect(appended == [0xff] + Self.bytes)
        #expect(id.bytes.indices.map { id.bytes[$0] } == Self.bytes)
    }

    @Test("An ID is read from the middle of a buffer, and of a slice of one")
    func offsets() throws {
        let buffer = [9, 9, 9] + Self.bytes + [9]
        let id = try ObjectID(hex: Self.digits)
        #expect(ObjectID(buffer, at: 3) == id)
        #expect(ObjectID(buffer[2...], at: 1) == id)
    }

    @Test(
        "Digits are read in both cases, with the newline that git prints",
        arguments: [digits.uppercased(), digits + "\n", " \(digits) \n"])
    func lenience(text: String) throws {
        #expect(try ObjectID(hex: text).description == Self.digits)
    }

    static let malformed: [String] = [
        "", "0", String(digits.dropLast()), "\(digits)0", "\(digits.dropLast())g", "\(digits.dropLast())é",
        "g\(digits.dropFirst())", "+\(digits.dropFirst())", "\(digits.prefix(20)) \(digits.suffix(20))",
        "\(digits.prefix(20))\n\(digits.suffix(20))",
    ]

    @Test("Anything but 40 digits is refused with the text", arguments: malformed)
    func refused(text: String) {
        let error = #expect(throws: ObjectID.Malformed.self) { try ObjectID(hex: text) }
        #expect(error?.message == "'\(text)' is not an object ID")
        #expect(error?.code == .invalidArgument)
        #expect(error?.hint == "An object ID is 40 hexadecimal digits.")
    }

    @Test("IDs are ordered as their bytes are", arguments: 0..<20)
    func order(differingByte: Int) {
        var lower = [UInt8](repeating: 0x7f, count: 20)
        var upper = lower
        upper[differingByte] = 0x80
        // What comes later must not count.
        for index in (differingByte + 1)..<max(20, differingByte + 1) {
            (lower[index], upper[index]) = (0xff, 0)
        }
        #expect(ObjectID(lower) < ObjectID(upper))
        #expect(!(ObjectID(upper) < ObjectID(lower)))
        #expect(!(ObjectID(lower) < ObjectID(lower)))
    }

    @Test("Random IDs survive the way through digits, and sort as their digits do")
    func roundTrip() throws {
        let ids = (UInt64(0)..<200).map { ObjectID(randomBytes(count: 20, seed: $0)) }
        for id in ids { #expect(try ObjectID(hex: id.description) == id) }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    }

    @Test("Leading zeros are kept")
    func zeros() throws {
        #expect(ObjectID.zero.description == String(repeating: "0", count: 40))
        let one = try ObjectID(hex: String(repeating: "0", count: 39) + "1")
        #expect(one.description == String(repeating: "0", count: 39) + "1")
        #expect(ObjectID.zero < one)
    }
}

@Suite("Typed IDs")
struct TypedIDsTests {
    private func check<ID: TypedObjectID>(_ kind: ID.Type) throws {
        let low = try ObjectID(hex: "00000000000000000000000000000000000000aa")
        let high = try ObjectID(hex: "f0000000000000000000000000000000000000aa")
        #expect(ID(low) < ID(high))
        #expect(ID(low) == ID(low))
        #expect(ID(low).objectID == low)
        #expect(ID(high).description == high.description)
        #expect(ID(high).abbreviated == "f000000000")
    }

    @Test("Each kind of ID is ordered and shown as the ID it holds")
    func kinds() throws {
        try check(CommitID.self)
        try check(TreeID.self)
        try check(BlobID.self)
    }

    @Test("The empty tree has the ID that git gives it")
    func emptyTree() throws {
        let scratch = try Scratch()
        let id = try git("hash-object", "-t", "tree", "/dev/null", in: scratch.path)
        #expect(try TreeID.empty.objectID == ObjectID(hex: id))
    }
}
