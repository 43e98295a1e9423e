package import AmphoraObjects

/// A value in git's configuration that is none.
package struct InvalidSetting: UserFacingError {
    let key: String
    let value: String
    /// The values that are, for people.
    let allowed: String

    package init(key: String, value: String, allowed: String) {
        self.key = key
        self.value = value
        self.allowed = allowed
    }

    package var code: ErrorCode { .invalidArgument }
    package var message: String { "the setting \(key) is '\(value)', which it cannot be" }
    package var hint: String? { "Set it to \(allowed), for example with `amphora git config \(key) VALUE`." }
}
