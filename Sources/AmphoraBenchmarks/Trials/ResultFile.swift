import FoundationEssentials
import SystemPackage

/// Raw results: JSON, one record a line.
struct ResultFile {
    /// What a line holds: one of them.
    private struct Record: Codable {
        var machine: Machine?
        var measurement: Measurement?
    }

    let path: String

    /// Begins the file anew.
    func begin(_ machine: Machine) throws {
        try FileDescriptor.writing(path) { _ in }
        try append(Record(machine: machine))
    }

    func append(_ measurement: Measurement) throws { try append(Record(measurement: measurement)) }

    private func append(_ record: Record) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: [.append, .closeOnExec])
        _ = try file.closeAfter { try file.writeAll(try encoder.encode(record) + [UInt8(ascii: "\n")]) }
    }

    func read() throws -> (machine: Machine, measurements: [Measurement]) {
        let lines = try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n"))
        let records = try lines.map { try JSONDecoder().decode(Record.self, from: $0) }
        guard let machine = records.lazy.compactMap(\.machine).first else {
            throw Failure("\(path) does not say what machine it is about: is it a file of results?")
        }
        return (machine, records.compactMap(\.measurement))
    }
}
