public import AmphoraObjects

/// Content that the store was cloned without, and that nobody brought.
public struct ContentAbsent: UserFacingError {
    public let owner: ContentNeed.Owner

    package init(owner: ContentNeed.Owner) { self.owner = owner }

    public var code: ErrorCode { .unavailable }
    public var message: String { "the content of \(owner) is not here yet" }
    public var hint: String? {
        let ending =
            switch owner {
            case .version(let name): "then `amphora pull \(name)` brings it."
            case .run: "then run this again."
            }
        return
            "The store was cloned without it. Name a store that has it with `amphora remote add`, \(ending)"
    }
}
