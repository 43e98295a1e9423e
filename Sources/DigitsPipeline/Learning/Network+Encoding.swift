#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The file of a ``Network``; integers and floats are little endian:
///
///     magic          8 bytes, "NETWRK01"
///     byte count     UInt32, of the configuration
///     configuration  ``NetworkConfiguration`` as JSON
///     count          UInt32, the number of parameters
///     parameters     Float32 for each, in the order of ``Parameters/values``
extension Network {
    private static let magic = "NETWRK01"

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = Array(try encoder.encode(configuration))
        var writer = ByteWriter(magic: Self.magic)
        writer.write(count: json.count)
        writer.write(json)
        writer.write(count: parameters.count)
        writer.write(parameters.values)
        return writer.bytes
    }

    /// - Throws: ``FormatError`` for bad bytes, ``NetworkError`` for a configuration that cannot be.
    init(decoding bytes: [UInt8]) throws {
        var reader = try ByteReader(bytes, magic: Self.magic)
        let json = try reader.readBytes(count: reader.readCount())
        let values = try reader.readFloats(count: reader.readCount())
        try reader.finish()
        try self.init(Self.configuration(json: json))
        guard values.count == parameters.count else {
            throw FormatError.badValue("the network has \(parameters.count) parameters, not \(values.count)")
        }
        parameters.values = values
    }

    private static func configuration(json: ArraySlice<UInt8>) throws(FormatError) -> NetworkConfiguration {
        do {
            return try JSONDecoder().decode(NetworkConfiguration.self, from: Data(json))
        } catch {
            throw .badValue("the configuration is not readable: \(error)")
        }
    }
}
