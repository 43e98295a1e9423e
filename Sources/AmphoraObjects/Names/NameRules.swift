/// The alphabet and the rules that artifact names and aliases share.
///
/// 1 to 128 bytes of `A-Z a-z 0-9 . _ -`, plus what git-check-ref-format(1) asks of one component of
/// a ref name within this alphabet. 128 is the limit W&B uses too.
enum NameRules {
    static let maximumByteCount = 128

    static func check(_ text: String, what: String) throws(InvalidName) {
        let fail = { (rule: InvalidName.Rule) in InvalidName(what: what, text: text, rule: rule) }
        guard !text.isEmpty else { throw fail(.empty) }
        guard text.utf8.count <= maximumByteCount else { throw fail(.tooLong) }
        if let bad = text.unicodeScalars.first(where: { !isAllowed($0) }) { throw fail(.character(bad)) }
        guard !text.hasPrefix("."), !text.hasPrefix("-") else { throw fail(.start) }
        guard !text.contains("..") else { throw fail(.doubleDot) }
        guard !text.hasSuffix("."), !text.hasSuffix(".lock") else { throw fail(.end) }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }
}

/// A name that breaks a rule.
public struct InvalidName: UserFacingError, Equatable {
    enum Rule: Equatable {
        case empty, tooLong, start, doubleDot, end, looksLikeVersion
        case character(Unicode.Scalar)
    }

    let what: String
    let text: String
    let rule: Rule

    public var code: ErrorCode { .invalidArgument }

    public var message: String {
        switch rule {
        case .empty: "\(what) is empty"
        case .tooLong: "\(what) is \(text.utf8.count) bytes long, the limit is \(NameRules.maximumByteCount)"
        case .character(let scalar): "\(what) '\(text)' contains '\(scalar)'"
        case .start: "\(what) '\(text)' starts with '.' or '-'"
        case .doubleDot: "\(what) '\(text)' contains '..'"
        case .end: "\(what) '\(text)' ends in '.' or '.lock'"
        case .looksLikeVersion: "\(what) '\(text)' looks like a version number"
        }
    }

    public var hint: String? {
        switch rule {
        case .looksLikeVersion: "Numbers are given by the store; choose a word, for example 'best'."
        default:
            "Use letters, digits, '.', '_' and '-', for example '\(what == "alias" ? "best" : "resnet50-v2")'."
        }
    }
}
