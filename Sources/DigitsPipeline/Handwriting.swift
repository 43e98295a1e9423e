/// The handwriting that the pipeline begins with.
enum Handwriting {
    /// Where it lies: beside the sources that this program was built from.
    static let path =
        "\(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" })/Fixtures/Digits/digits.csv"

    static func load() throws -> DigitSet { try DigitSet(csv: Disk.read(path)) }
}
