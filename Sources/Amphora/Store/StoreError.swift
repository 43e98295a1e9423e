public import AmphoraObjects

/// Why a folder cannot be opened, or made, as a store.
public enum StoreError: UserFacingError {
    case noneAround(String)
    case notAStore(String)
    case alreadyThere(String)
    case newerFormat(String, found: String)
    case foreignOwner(String)
    case unreadable(String, cause: any Error)

    public var code: ErrorCode {
        switch self {
        case .noneAround, .notAStore: .notFound
        case .alreadyThere: .alreadyExists
        case .newerFormat, .foreignOwner: .unavailable
        case .unreadable(_, let cause): (cause as? any UserFacingError)?.code ?? .unavailable
        }
    }

    public var message: String {
        switch self {
        case .noneAround(let path): "there is no store in '\(path)' or a folder around it"
        case .notAStore(let path): "'\(path)' is not a store"
        case .alreadyThere(let path): "there is a store at '\(path)' already"
        case .newerFormat(let path, let found):
            "the store '\(path)' has format \(found), this amphora knows formats up to \(StoreLayout.formatVersion)"
        case .foreignOwner(let path): "the store '\(path)' belongs to another user"
        case .unreadable(let path, _): "cannot open the store '\(path)'"
        }
    }

    public var hint: String? {
        switch self {
        case .noneAround, .notAStore: "Make one with `amphora init`, or name one with `--store PATH`."
        case .alreadyThere: "Nothing was changed: use it as it is."
        case .newerFormat: "Update amphora."
        case .foreignOwner(let path): "If you trust it: git config --global --add safe.directory '\(path)'"
        case .unreadable: nil
        }
    }

    public var cause: (any Error)? {
        guard case .unreadable(_, let cause) = self else { return nil }
        return cause
    }
}
