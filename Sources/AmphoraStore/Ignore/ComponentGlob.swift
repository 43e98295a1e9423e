/// A pattern for one component of a path: `*.o`, `data-[0-9]?`, `README`.
///
/// It sees bytes: `?` is one byte, so two of them match an `é` in UTF-8. Git does the same.
struct ComponentGlob: Hashable, Sendable {
    /// A piece of the pattern.
    enum Token: Hashable, Sendable {
        /// This byte.
        case byte(UInt8)
        /// `?`: any one byte.
        case anyByte
        /// `[…]`: one byte of the set.
        case oneOf(ByteSet)
        /// `*`: any bytes, also none.
        case anyBytes
    }

    /// What makes it quick for the patterns that most ignore files consist of.
    private enum Shape: Hashable {
        case literal([UInt8])
        case suffix([UInt8])
        case general([Token])
    }

    private let shape: Shape

    init(_ tokens: [Token]) {
        if let bytes = Self.literalBytes(tokens[...]) {
            shape = .literal(bytes)
        } else if tokens.first == .anyBytes, let bytes = Self.literalBytes(tokens.dropFirst()) {
            shape = .suffix(bytes)
        } else {
            shape = .general(tokens)
        }
    }

    /// The only name that the pattern matches, or `nil` if it has a wildcard.
    var literal: [UInt8]? {
        guard case .literal(let bytes) = shape else { return nil }
        return bytes
    }

    private static func literalBytes(_ tokens: ArraySlice<Token>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for token in tokens {
            guard case .byte(let byte) = token else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Whether the pattern matches the whole of `name`, which has no `/`.
    ///
    /// - Complexity: O(*n* × *m*) for *n* bytes and *m* tokens, whatever the number of stars.
    func matches(_ name: Span<UInt8>) -> Bool {
        switch shape {
        case .literal(let bytes): name.isEqual(to: bytes)
        case .suffix(let bytes): name.hasSuffix(bytes)
        case .general(let tokens): Self.matches(tokens, name)
        }
    }

    /// Matches with one point of return: the latest star.
    ///
    /// An earlier star never needs another try. It has already taken the fewest bytes that let the tokens
    /// up to the latest star match, and that star can take whatever more the earlier one would have.
    private static func matches(_ tokens: [Token], _ name: Span<UInt8>) -> Bool {
        var token = 0
        var position = 0
        var retry: (token: Int, position: Int)?
        while true {
            if token < tokens.count, tokens[token] == .anyBytes {
                token += 1
                if token == tokens.count { return true }
                retry = (token, position)
            } else if token < tokens.count, position < name.count, tokens[token].matches(name[position]) {
                token += 1
                position += 1
            } else if token == tokens.count, position == name.count {
                return true
            } else {
                guard let latest = retry, latest.position < name.count else { return false }
                token = latest.token
                position = latest.position + 1
                retry = (token, position)
            }
        }
    }
}

extension ComponentGlob.Token {
    /// Whether the token, which is not `anyBytes`, matches this one byte.
    fileprivate func matches(_ byte: UInt8) -> Bool {
        switch self {
        case .byte(let wanted): byte == wanted
        case .anyByte: true
        case .oneOf(let set): set.contains(byte)
        case .anyBytes: false
        }
    }
}
