/// What is timed, in this order.
enum Step: String, CaseIterable, Codable {
    case putFirst = "put v1"
    case putSecond = "put v2"
    /// Version 2 once more: nothing has changed.
    case putAgain = "put again"
    /// Version 2 into an empty place.
    case get
    /// Version 2 where it is in place.
    case getAgain = "get again"

    /// The version that is put or got.
    var version: Int { self == .putFirst ? 1 : 2 }

    var isPut: Bool { [.putFirst, .putSecond, .putAgain].contains(self) }

    var isRepetition: Bool { [.putAgain, .getAgain].contains(self) }
}
