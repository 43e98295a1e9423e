extension DigitSet {
    /// Reads text with one image a line: 64 pixels, 0 to 16, then the label, 0 to 9, all comma-separated.
    ///
    /// Lines may end in LF or CR LF. There is no header.
    init(csv: [UInt8]) throws(CSVError) {
        let (rows, columns) = (8, 8)
        var pixels: [UInt8] = []
        var labels: [UInt8] = []
        var lines = csv.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw .empty }
        for (index, line) in lines.enumerated() {
            let numbers = try Self.numbers(inLine: line, number: index + 1, pixelCount: rows * columns)
            pixels += numbers.dropLast()
            labels += numbers.suffix(1)
        }
        self.init(rows: rows, columns: columns, pixels: pixels, labels: labels)
    }

    private static func numbers(
        inLine line: ArraySlice<UInt8>, number lineNumber: Int, pixelCount: Int
    ) throws(CSVError) -> [UInt8] {
        let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        let fields = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count == pixelCount + 1 else {
            throw .wrongFieldCount(line: lineNumber, expected: pixelCount + 1, found: fields.count)
        }
        var numbers: [UInt8] = []
        for (index, field) in fields.enumerated() {
            let limit = index < pixelCount ? maximumPixel : UInt8(classCount - 1)
            let text = String(decoding: field, as: UTF8.self)
            guard let number = UInt8(text), number <= limit else {
                throw .badField(line: lineNumber, field: index + 1, text: text, limit: limit)
            }
            numbers.append(number)
        }
        return numbers
    }
}

/// Why text is not a table of digits.
///
/// Lines and fields are counted from 1.
enum CSVError: Error, Equatable, CustomStringConvertible {
    case empty
    case wrongFieldCount(line: Int, expected: Int, found: Int)
    case badField(line: Int, field: Int, text: String, limit: UInt8)

    var description: String {
        switch self {
        case .empty: "no lines"
        case .wrongFieldCount(let line, let expected, let found):
            "line \(line): expected \(expected) fields, found \(found)"
        case .badField(let line, let field, let text, let limit):
            "line \(line), field \(field): '\(text)' is not a number from 0 to \(limit)"
        }
    }
}
