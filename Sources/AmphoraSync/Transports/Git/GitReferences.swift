import AmphoraGit
import AmphoraObjects

/// Reads what `git ls-remote --symref` prints.
struct GitReferences {
    private(set) var references = RemoteReferences(targets: [:])

    /// - Throws: ``HostileReference`` if a name is one that git forbids, or an ID is none; ``UnusableRemoteRef`` if
    ///   it cannot be told whether this is a store.
    init(decoding output: [UInt8]) throws {
        for line in output.split(separator: UInt8(ascii: "\n")) {
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { throw HostileReference(line) }
            let name = line[(tab + 1)...]
            if line.starts(with: Self.symbolic) {
                let target = line[..<tab].dropFirst(Self.symbolic.count)
                try addHead(name, target, line)
            } else {
                guard let id = ObjectID(hexDigits: line[..<tab]) else { throw HostileReference(line) }
                try add(name, id, line)
            }
        }
    }

    private static let symbolic = Array("ref: ".utf8)
    private static let peeled = Array("^{}".utf8)

    private mutating func addHead(
        _ name: ArraySlice<UInt8>, _ target: ArraySlice<UInt8>, _ line: ArraySlice<UInt8>
    ) throws {
        guard name.elementsEqual("HEAD".utf8) else { return }
        references.head = try checked(target, line)
    }

    private mutating func add(_ name: ArraySlice<UInt8>, _ id: ObjectID, _ line: ArraySlice<UInt8>) throws {
        if name.elementsEqual("HEAD".utf8) { return }
        if name.suffix(Self.peeled.count).elementsEqual(Self.peeled) {
            // An annotated tag: nothing that a store has.
            let tag = try checked(name.dropLast(Self.peeled.count), line)
            if references.targets.removeValue(forKey: tag) != nil {
                references.foreign.insert(tag)
                references.hasOthers = true
            }
            return
        }
        let name = try checked(name, line)
        guard id != .zero else {
            // Servers say so of a ref that they cannot read.
            if name == .root { throw UnusableRemoteRef(name: name) }
            if name.isOfStore { references.unreadable[name] = UnusableRemoteRef(name: name) }
            return
        }
        if name.isOfStore {
            references.targets[name] = id
        } else {
            references.hasOthers = true
        }
    }

    private func checked(_ name: ArraySlice<UInt8>, _ line: ArraySlice<UInt8>) throws -> RefName {
        let text = RefName(existing: String(decoding: name, as: UTF8.self))
        guard ReferenceStore.isValid(text) else { throw HostileReference(line) }
        return text
    }
}

extension RefName {
    /// The prefix of what a push has sent ahead of its refs.
    static let staging = "refs/amphora/staging/"

    /// Whether a store may have a ref of this name.
    var isOfStore: Bool {
        version != nil || alias != nil || run != nil || self == .root || rawValue.hasPrefix(Self.staging)
    }
}

/// A ref of a remote whose name git forbids, or whose ID is none.
struct HostileReference: UserFacingError {
    private let line: String

    init(_ line: some Collection<UInt8>) { self.line = displayPath(line.prefix(200)) }

    var code: ErrorCode { .corrupt }
    var message: String { "the remote has a ref that git forbids: '\(line)'; nothing was taken from it" }
    var hint: String? { "Ask who runs the remote: no git has made this." }
}
