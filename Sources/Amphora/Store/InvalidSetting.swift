import AmphoraObjects

/// A value in git's configuration that is none.
struct InvalidSetting: UserFacingError {
    let key: String
    let value: String
    /// The values that are, for people.
    let allowed: String
    var code: ErrorCode { .invalidArgument }
    var message: String { "the setting \(key) is '\(value)', which it cannot be" }
    var hint: String? { "Set it to \(allowed), for example with `amphora git config \(key) VALUE`." }
}
