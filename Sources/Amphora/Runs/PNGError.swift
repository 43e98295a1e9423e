public import AmphoraObjects

/// Something that is no image.
public struct PNGError: UserFacingError, Equatable {
    enum Reason: Equatable {
        case side(width: Int, height: Int)
        case sampleCount(actual: Int, expected: Int, width: Int, height: Int, bytesPerPixel: Int)
        case unevenRows(row: Int, count: Int, width: Int)
        case malformed(String)
    }

    let reason: Reason

    init(_ reason: Reason) { self.reason = reason }

    public var code: ErrorCode { .invalidArgument }

    public var message: String {
        switch reason {
        case .side(let width, let height):
            "image is \(width) × \(height) pixels, each side must be 1 to \(PNGImage.maximumSide)"
        case .sampleCount(let actual, let expected, let width, let height, let bytesPerPixel):
            "image of \(width) × \(height) pixels needs \(expected) values (\(bytesPerPixel) a pixel), "
                + "got \(actual)"
        case .unevenRows(let row, let count, let width):
            "row \(row) of the image has \(count) pixels, row 0 has \(width)"
        case .malformed(let what): "not a valid PNG file: \(what)"
        }
    }

    public var hint: String? {
        guard case .malformed = reason else { return nil }
        return "Pass the bytes of a PNG file, or the pixels themselves."
    }
}
