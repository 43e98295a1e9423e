/// A picture that a run logs, as the bytes of a PNG file (ISO/IEC 15948).
///
/// Pixels are given row by row from the top left.
public struct PNGImage: Hashable, Sendable {
    /// The longest side, in pixels: what browsers still show.
    public static let maximumSide = 16384

    public let width: Int
    public let height: Int
    /// The file.
    public let encoded: [UInt8]

    /// Makes an image of shades of grey.
    ///
    /// - Parameters:
    ///   - pixels: One byte a pixel, from 0 (black) to 255 (white).
    ///   - width: In pixels.
    ///   - height: In pixels.
    /// - Throws: ``PNGError`` if a side is not 1 to ``maximumSide``, or the number of values is not theirs.
    public init(grayscale pixels: [UInt8], width: Int, height: Int) throws(PNGError) {
        try self.init(pixels, .gray, width: width, height: height)
    }

    /// Makes an image of opaque colours.
    ///
    /// - Parameters:
    ///   - pixels: Three bytes a pixel: red, green, blue.
    ///   - width: In pixels.
    ///   - height: In pixels.
    /// - Throws: ``PNGError`` if a side is not 1 to ``maximumSide``, or the number of values is not theirs.
    public init(rgb pixels: [UInt8], width: Int, height: Int) throws(PNGError) {
        try self.init(pixels, .rgb, width: width, height: height)
    }

    /// Makes an image of colours that may be transparent.
    ///
    /// - Parameters:
    ///   - pixels: Four bytes a pixel: red, green, blue, opacity. Colours are not multiplied by opacity.
    ///   - width: In pixels.
    ///   - height: In pixels.
    /// - Throws: ``PNGError`` if a side is not 1 to ``maximumSide``, or the number of values is not theirs.
    public init(rgba pixels: [UInt8], width: Int, height: Int) throws(PNGError) {
        try self.init(pixels, .rgba, width: width, height: height)
    }

    /// Makes an image of shades of grey, as a network sees it.
    ///
    /// - Parameters:
    ///   - intensities: One number a pixel, from 0 (black) to 1 (white); what lies outside is drawn as the
    ///     nearer of the two, and what is no number as black.
    ///   - width: In pixels.
    ///   - height: In pixels.
    /// - Throws: ``PNGError`` if a side is not 1 to ``maximumSide``, or the number of values is not theirs.
    public init(intensities: [Float], width: Int, height: Int) throws(PNGError) {
        let pixels = intensities.map { $0 > 0 ? UInt8((min($0, 1) * 255).rounded()) : 0 }
        try self.init(grayscale: pixels, width: width, height: height)
    }

    /// Makes an image of shades of grey, as a network sees it.
    ///
    /// - Parameter rows: From the top, all of one length; numbers as in ``init(intensities:width:height:)``.
    /// - Throws: ``PNGError`` if rows differ in length, or a side is not 1 to ``maximumSide``.
    public init(intensities rows: [[Float]]) throws(PNGError) {
        let width = rows.first?.count ?? 0
        for (index, row) in rows.enumerated() where row.count != width {
            throw PNGError(.unevenRows(row: index, count: row.count, width: width))
        }
        try self.init(intensities: Array(rows.joined()), width: width, height: rows.count)
    }

    /// Takes an image that is a PNG file already, as it is.
    ///
    /// Its frame is checked (signature, header, lengths and checksums of chunks), its pixels are not decoded.
    ///
    /// - Parameter bytes: The whole file.
    /// - Throws: ``PNGError`` if it is none, is damaged, or has a side of more than ``maximumSide``.
    public init(png bytes: [UInt8]) throws(PNGError) {
        let size = try PNGReader.size(of: bytes)
        try Self.check(width: size.width, height: size.height)
        width = size.width
        height = size.height
        encoded = bytes
    }

    private init(
        _ samples: [UInt8], _ colour: PNGEncoder.Colour, width: Int, height: Int
    ) throws(PNGError) {
        try Self.check(width: width, height: height)
        let expected = width * height * colour.byteCount
        guard samples.count == expected else {
            throw PNGError(
                .sampleCount(
                    actual: samples.count, expected: expected, width: width, height: height,
                    bytesPerPixel: colour.byteCount))
        }
        self.width = width
        self.height = height
        encoded = PNGEncoder(colour: colour, width: width, height: height).encode(samples)
    }

    private static func check(width: Int, height: Int) throws(PNGError) {
        guard (1...maximumSide).contains(width), (1...maximumSide).contains(height) else {
            throw PNGError(.side(width: width, height: height))
        }
    }
}
