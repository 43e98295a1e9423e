package import AmphoraGit
package import AmphoraObjects
import AmphoraPack
import AmphoraStore

extension Store {
    /// Writes objects again of which what is here is damaged.
    ///
    /// As loose ones: those are read where a pack has something damaged, and a damaged loose one is replaced. The next tidying
    /// up packs them, and leaves out what is damaged.
    ///
    /// - Parameters:
    ///   - ids: The objects.
    ///   - source: Has them, whole.
    /// - Throws: ``FileError``; what reading throws.
    package func writeAnew(_ ids: [ObjectID], from source: RepositoryPool) throws {
        try whileWriting {
            let staged = try StagedObjects(in: layout.objects)
            let deflater = AdaptiveDeflater()
            try source.with { repository in
                for id in ids {
                    let kind = try repository.kind(of: id)
                    try repository.withObject(id, as: kind) { bytes in
                        try staged.write(id, LooseObject.file(kind, bytes, with: deflater))
                    }
                }
            }
            try staged.publish(ids)
            pool.refresh()
        }
    }
}
