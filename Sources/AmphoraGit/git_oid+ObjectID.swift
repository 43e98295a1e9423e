import AmphoraObjects
import CLibgit2

extension git_oid {
    init(_ id: ObjectID) {
        self.init()
        let bytes = id.bytes
        withUnsafeMutableBytes(of: &self.id) { target in
            for index in bytes.indices { target[index] = bytes[index] }
        }
    }

    var objectID: ObjectID { withUnsafeBytes(of: id) { ObjectID($0) } }
}
