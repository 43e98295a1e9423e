/// What is timed.
enum Step: String, Codable {
    case putFirst = "put v1"
    case putSecond = "put v2"
    /// Version 2 once more: nothing has changed.
    case putAgain = "put again"
    /// Version 2 into an empty place.
    case get
    /// Version 2 where it is in place.
    case getAgain = "get again"

    /// Version 1 to a remote in which nothing is.
    case pushFirst = "push v1"
    /// All of the remote to a second place.
    case clone
    /// Version 2 to where version 1 is.
    case pushSecond = "push v2"
    /// Version 2 to the second place, where version 1 is.
    case fetch = "fetch v2"

    /// What a store is taken through, in this order.
    static let storing: [Step] = [.putFirst, .putSecond, .putAgain, .get, .getAgain]
    /// What two stores and a remote are taken through, in this order.
    static let syncing: [Step] = [.pushFirst, .clone, .pushSecond, .fetch]

    /// The version that is put, got or moved.
    var version: Int { [.putFirst, .pushFirst, .clone].contains(self) ? 1 : 2 }

    var isPut: Bool { [.putFirst, .putSecond, .putAgain].contains(self) }

    var isPush: Bool { [.pushFirst, .pushSecond].contains(self) }

    var isRepetition: Bool { [.putAgain, .getAgain].contains(self) }
}
