/// Turns a convolution into a matrix product, by laying out the neighbourhood of each pixel as a row.
///
/// With the weights of a filter as a column, patches × weights is the convolution ("im2col"). The
/// image has one channel and is taken as zero outside, so that the output has its size ("same" padding).
struct Convolution: Equatable, Sendable {
    let imageRows: Int
    let imageColumns: Int
    /// The side of the square neighbourhood, an odd number.
    let kernelSize: Int

    /// Collects the neighbourhoods.
    ///
    /// - Parameter images: An image a row.
    /// - Returns: A row of `kernelSize`² values for each pixel of each image.
    func patches(of images: Matrix) -> Matrix {
        let (pixelCount, patchSize) = (imageRows * imageColumns, kernelSize * kernelSize)
        var patches = Matrix.zeros(rows: images.rows * pixelCount, columns: patchSize)
        images.values.withUnsafeBufferPointer { source in
            patches.values.withUnsafeMutableBufferPointer { target in
                for image in 0..<images.rows {
                    for tap in 0..<patchSize {
                        let down = tap / kernelSize - kernelSize / 2
                        let right = tap % kernelSize - kernelSize / 2
                        for row in max(0, -down)..<min(imageRows, imageRows - down) {
                            for column in max(0, -right)..<min(imageColumns, imageColumns - right) {
                                let pixel = image * pixelCount + row * imageColumns + column
                                target[pixel * patchSize + tap] = source[pixel + down * imageColumns + right]
                            }
                        }
                    }
                }
            }
        }
        return patches
    }
}
