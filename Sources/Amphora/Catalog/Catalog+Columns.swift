import AmphoraObjects
import AmphoraStore
import FoundationEssentials
import GRDB

/// Columns as the values that they stand for.
///
/// Names are checked again: somebody may have changed the index.
extension Catalog {
    func artifact(_ row: Row, _ column: Int) throws -> ArtifactName {
        try orDamaged { try ArtifactName(row[column]) }
    }

    func alias(_ row: Row, _ column: Int) throws -> Alias { try orDamaged { try Alias(row[column]) } }

    func runID(_ row: Row, _ column: Int) throws -> RunID { try orDamaged { try RunID(row[column]) } }

    func objectID(_ row: Row, _ column: Int) throws -> ObjectID {
        guard let id = try row.withUnsafeData(atIndex: column, { $0.flatMap { ObjectID($0) } }) else {
            throw damage
        }
        return id
    }

    func commitID(_ row: Row, _ column: Int) throws -> CommitID { CommitID(try objectID(row, column)) }

    func orDamaged<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw damage }
    }

    var damage: DatabaseError { DatabaseError(resultCode: .SQLITE_CORRUPT) }
}
