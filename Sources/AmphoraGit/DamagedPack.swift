package import AmphoraObjects
import FoundationEssentials

/// A pack that does not end as its index says: it broke off, or was changed.
package struct DamagedPack: ContentProblem {
    let path: String
    package var code: ErrorCode { .corrupt }
    package var message: String { "the pack '\(path)' is damaged or breaks off" }

    /// Looks for one in a repository.
    ///
    /// libgit2 passes over such packs in silence, and what is in them counts as missing. The last 20 bytes of
    /// a pack are its checksum, which its index repeats before its own: gitformat-pack(5).
    static func find(in folder: String) -> DamagedPack? {
        let packs = "\(folder)objects/pack"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: packs)) ?? []
        for name in names.sorted() where name.hasSuffix(".idx") {
            let pack = "\(packs)/\(name.dropLast(4)).pack"
            guard let index = tail(of: "\(packs)/\(name)", byteCount: 40),
                let end = tail(of: pack, byteCount: 20),
                index.prefix(20).elementsEqual(end)
            else { return DamagedPack(path: pack) }
        }
        return nil
    }

    private static func tail(of path: String, byteCount: Int) -> Data? {
        guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
            data.count >= byteCount
        else { return nil }
        return data.suffix(byteCount)
    }
}
