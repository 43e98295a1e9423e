import AmphoraObjects
import AmphoraPack
import CLibgit2
import FoundationEssentials
import SystemPackage

/// The packs of a repository, as far as they are known.
struct PackSet {
    private var readers: [String: PackReader] = [:]
    /// The most packs that are held open; libgit2 reads from the others.
    private static let limit = 200

    /// When the folder last changed, as far as it was seen.
    private var changed: Date?

    /// Looks for packs that came or went.
    mutating func refresh(in folder: String) {
        let packs = "\(folder)objects/pack"
        let now = (try? FileManager.default.attributesOfItem(atPath: packs))?[.modificationDate] as? Date
        // Within a clock tick of the change there may be another.
        guard now == nil || now != changed || now.map({ $0.timeIntervalSinceNow > -1 }) == true else {
            return
        }
        changed = now
        let names = Set(
            ((try? FileManager.default.contentsOfDirectory(atPath: packs)) ?? []).filter {
                $0.hasSuffix(".idx")
            })
        for name in readers.keys where !names.contains(name) { readers[name] = nil }
        for name in names where readers[name] == nil && readers.count < Self.limit {
            readers[name] = PackReader(index: FilePath("\(packs)/\(name)"))
        }
    }

    func object(_ id: ObjectID, with inflater: Inflater) throws -> (kind: ObjectKind, content: [UInt8])? {
        for reader in readers.values {
            if let object = try reader.object(id, with: inflater) { return object }
        }
        return nil
    }
}

extension Repository {
    /// Looks for packs that came or went.
    func refresh() {
        git_odb_refresh(odb)
        packs.refresh(in: path)
    }

    /// Lends the content of an object that is whole in a pack, or returns `nil` if it is not, or is a delta.
    ///
    /// Not through libgit2, whose SHA-1 is several times slower.
    func withPackedObject<Result>(
        _ id: ObjectID, as kind: ObjectKind, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result? {
        let object: (kind: ObjectKind, content: [UInt8])?
        do {
            object =
                try packs.object(id, with: inflater) ?? afterRefresh { try packs.object(id, with: inflater) }
        } catch {
            throw DamagedObject(id: id, cause: error)
        }
        guard let object else { return nil }
        guard object.kind == kind else { throw DamagedObject(id: id, expected: kind) }
        return try object.content.withUnsafeBytes(body)
    }

    private func afterRefresh<Result>(_ body: () throws -> Result?) rethrows -> Result? {
        packs.refresh(in: path)
        return try body()
    }
}
