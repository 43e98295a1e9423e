/// The steps between the raw data set and what the network takes.
struct Preprocessing: Codable, Equatable, Sendable {
    /// Divide the pixels by the greatest possible one, so that values lie from 0 to 1.
    var normalize = true
    /// Give each image a dimension for its one channel: 8 × 8 becomes 1 × 8 × 8.
    var expandDims = true

    private enum CodingKeys: String, CodingKey {
        case normalize
        case expandDims = "expand_dims"
    }

    func callAsFunction(_ raw: DigitSet) -> TensorSet {
        let scale = normalize ? 1 / Float(DigitSet.maximumPixel) : 1
        let channels = expandDims ? [1] : []
        return TensorSet(
            shape: [raw.count] + channels + [raw.rows, raw.columns],
            values: raw.pixels.map { Float($0) * scale },
            labels: raw.labels)
    }
}
