/// Why bytes are not what one of the pipeline's files should hold.
enum FormatError: Error, Equatable, CustomStringConvertible {
    case wrongMagic(expected: String)
    case truncated(needed: Int, available: Int)
    case trailingBytes(count: Int)
    case tooLarge(shape: [Int])
    case badValue(String)

    var description: String {
        switch self {
        case .wrongMagic(let expected): "the file does not start with '\(expected)'"
        case .truncated(let needed, let available):
            "the file ends too early: \(needed) more bytes expected, \(available) left"
        case .trailingBytes(let count): "\(count) unexpected bytes after the end of the data"
        case .tooLarge(let shape): "cannot hold data of shape \(shapeDescription(shape))"
        case .badValue(let problem): problem
        }
    }
}

/// Writes a shape as mathematicians do: `1200 × 1 × 8 × 8`.
func shapeDescription(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: " × ")
}
