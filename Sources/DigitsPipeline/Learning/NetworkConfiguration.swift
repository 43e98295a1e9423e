/// The layers of a ``Network``: convolution, 2 × 2 maximum, hidden layer, output.
struct NetworkConfiguration: Codable, Equatable, Sendable {
    /// The height of the images in pixels, an even number.
    var imageRows = 8
    /// The width of the images in pixels, an even number.
    var imageColumns = 8
    /// The number of classes to tell apart.
    var classCount = DigitSet.classCount
    /// The number of filters of the convolution.
    var convolutionChannels = 16
    /// The side of a filter in pixels, an odd number.
    var kernelSize = 3
    /// The width of the hidden layer.
    var hiddenUnits = 64
    /// The part of the hidden units that are silenced at each training step, 0 for none.
    var dropoutRate = 0.25
    var activation = Activation.relu
    /// Decides the initial weights.
    var seed: UInt64 = 1

    /// The dimensions of an image: one channel, rows, columns.
    var imageShape: [Int] { [1, imageRows, imageColumns] }

    /// The number of values between the pooling and the hidden layer.
    var pooledCount: Int { imageRows / 2 * (imageColumns / 2) * convolutionChannels }

    var convolution: Convolution {
        Convolution(imageRows: imageRows, imageColumns: imageColumns, kernelSize: kernelSize)
    }
}

extension NetworkConfiguration {
    /// Checks that such a network can be built; the limits keep it small enough for any machine.
    func validate() throws(NetworkError) {
        let limit = 1_024
        let sizes = [
            "imageRows": imageRows, "imageColumns": imageColumns, "classCount": classCount,
            "convolutionChannels": convolutionChannels, "kernelSize": kernelSize, "hiddenUnits": hiddenUnits,
        ]
        for (name, size) in sizes.sorted(by: { $0.key < $1.key }) where !(1...limit).contains(size) {
            throw .badConfiguration("\(name) is \(size), not from 1 to \(limit)")
        }
        guard imageRows.isMultiple(of: 2), imageColumns.isMultiple(of: 2) else {
            throw .badConfiguration("images of \(imageRows) × \(imageColumns) have no 2 × 2 blocks")
        }
        guard !kernelSize.isMultiple(of: 2), kernelSize <= min(imageRows, imageColumns) else {
            throw .badConfiguration("kernelSize is \(kernelSize), not an odd number that fits the image")
        }
        guard dropoutRate >= 0, dropoutRate < 1 else {
            throw .badConfiguration("dropoutRate is \(dropoutRate), not from 0 up to 1")
        }
    }
}
