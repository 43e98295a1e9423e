package import AmphoraObjects
package import SystemPackage

extension FilePath {
    /// Where a loose object lies in this folder `objects`.
    package func looseObject(_ id: ObjectID) -> FilePath {
        let digits = id.description
        return appending(String(digits.prefix(2))).appending(String(digits.dropFirst(2)))
    }
}
