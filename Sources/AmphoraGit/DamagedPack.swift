package import AmphoraObjects
import AmphoraPack
import FoundationEssentials
import SystemPackage

/// A pack that does not end as its index says: it broke off, or was changed.
package struct DamagedPack: ContentProblem {
    let path: String
    package var code: ErrorCode { .corrupt }
    package var message: String { "the pack '\(path)' is damaged or breaks off" }

    /// Looks for one in a repository.
    ///
    /// libgit2 passes over such packs in silence, and what is in them counts as missing.
    static func find(in folder: String) -> DamagedPack? {
        let packs = FilePath("\(folder)objects/pack")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: packs.string)) ?? []
        return names.sorted().lazy.filter { $0.hasSuffix(".idx") }
            .first { (try? PackReader(index: packs.appending($0))) == nil }
            .map { DamagedPack(path: packs.appending("\($0.dropLast(4)).pack").string) }
    }
}
