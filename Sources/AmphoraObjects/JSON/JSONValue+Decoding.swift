import FoundationEssentials

extension JSONValue {
    /// Reads JSON text.
    ///
    /// - Throws: ``MalformedJSON`` with what is wrong and where.
    public init(parsing text: some Collection<UInt8>) throws(MalformedJSON) {
        if let value = PlainJSONReader.value(of: text) {
            self = value
            return
        }
        guard Self.depth(of: text) <= Self.deepest else { throw MalformedJSON("nested too deep") }
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(text))
        } catch {
            throw MalformedJSON(error)
        }
    }

    /// Reads JSON text.
    ///
    /// - Throws: ``MalformedJSON`` with what is wrong and where.
    public init(parsing text: String) throws(MalformedJSON) { try self.init(parsing: text.utf8) }

    /// Foundation's reader takes time for each value as its depth has it: a few hundred kilobytes could cost it minutes.
    private static let deepest = 64

    /// How many lists are open at once, at most.
    private static func depth(of text: some Collection<UInt8>) -> Int {
        var (depth, deepest) = (0, 0)
        var (isString, isEscaped) = (false, false)
        for byte in text {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isString
            case UInt8(ascii: "\""): isString.toggle()
            case _ where isString: break
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}

extension JSONValue: Decodable {
    public init(from decoder: any Decoder) throws {
        self = try Self.scalar(decoder.singleValueContainer()) ?? Self.container(decoder)
    }

    /// Numbers first: each wrong guess costs an error, and long metric histories are numbers.
    private static func scalar(_ value: any SingleValueDecodingContainer) throws -> JSONValue? {
        if let double = try? value.decode(Double.self) {
            if double.rounded() == double, let int = try? value.decode(Int64.self) { return .int(int) }
            // Rounding a hash or a seed would change it silently. What we write has 17 digits at most.
            guard double.magnitude < 0x1p63 || Self.digitCount(of: value) <= 17 else {
                throw DecodingError.dataCorruptedError(
                    in: value, debugDescription: "a whole number needs more than 64 bits")
            }
            return .double(double)
        }
        if let string = try? value.decode(String.self) { return .string(string) }
        if value.decodeNil() { return .null }
        return (try? value.decode(Bool.self)).map(JSONValue.bool)
    }

    /// How many digits a number is written with, without zeros at its end; 0 if there is no telling.
    private static func digitCount(of value: any SingleValueDecodingContainer) -> Int {
        guard let exact = try? value.decode(Decimal.self) else { return 0 }
        return exact.significand.description.reversed().drop { $0 == "0" }.count
    }

    private static func container(_ decoder: any Decoder) throws -> JSONValue {
        if let object = try? decoder.container(keyedBy: MemberName.self) {
            return .object(
                try object.allKeys.reduce(into: [:]) {
                    $0[$1.stringValue] = try object.decode(JSONValue.self, forKey: $1)
                })
        }
        guard var array = try? decoder.unkeyedContainer() else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a number is too large"))
        }
        var values: [JSONValue] = []
        while !array.isAtEnd { values.append(try array.decode(JSONValue.self)) }
        return .array(values)
    }

    private struct MemberName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { stringValue = String(intValue) }
    }
}

/// Text that is not JSON.
public struct MalformedJSON: UserFacingError {
    public let code = ErrorCode.invalidArgument
    public let message: String

    init(_ error: any Error) {
        let debug: String? =
            switch error as? DecodingError {
            case .dataCorrupted(let context)?:
                context.underlyingError.map { "\($0)" } ?? context.debugDescription
            case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?,
                .keyNotFound(_, let context)?:
                context.debugDescription
            default: nil
            }
        self.init(debug ?? "\(error)")
    }

    init(_ reason: String) { message = "not valid JSON: \(reason)" }
}
