/// Why a network cannot be built, or cannot work on a data set.
enum NetworkError: Error, Equatable, CustomStringConvertible {
    case badConfiguration(String)
    case wrongImageShape(expected: [Int], found: [Int])
    case unknownLabel(UInt8, classCount: Int)
    case noImages

    var description: String {
        switch self {
        case .badConfiguration(let problem): "bad configuration: \(problem)"
        case .wrongImageShape(let expected, let found):
            "the network takes images of \(shapeDescription(expected)), not \(shapeDescription(found))"
        case .unknownLabel(let label, let classCount):
            "label \(label) is unknown to a network for \(classCount) classes"
        case .noImages: "the data set has no images"
        }
    }
}
