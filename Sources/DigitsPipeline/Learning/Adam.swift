/// Adjusts parameters by the running mean of their gradient, relative to its usual size.
///
/// Source: Kingma, Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
struct Adam {
    private let learningRate: Float
    private let meanDecay: Float = 0.9
    private let squareDecay: Float = 0.999
    private let epsilon: Float = 1e-8
    /// The running mean of each parameter's gradient.
    private var means: [Float]
    /// The running mean of the square of each parameter's gradient.
    private var squares: [Float]
    /// The decays to the power of the number of adjustments: how much of the zero start is left.
    private var meanRest: Float = 1
    private var squareRest: Float = 1

    init(learningRate: Float, parameterCount: Int) {
        self.learningRate = learningRate
        means = [Float](repeating: 0, count: parameterCount)
        squares = means
    }

    mutating func adjust(_ parameters: inout [Float], gradient: [Float]) {
        meanRest *= meanDecay
        squareRest *= squareDecay
        let meanScale = learningRate / (1 - meanRest)
        let squareScale = 1 / (1 - squareRest)
        for index in parameters.indices {
            let slope = gradient[index]
            means[index] = meanDecay * means[index] + (1 - meanDecay) * slope
            squares[index] = squareDecay * squares[index] + (1 - squareDecay) * slope * slope
            let size = (squares[index] * squareScale).squareRoot() + epsilon
            parameters[index] -= meanScale * means[index] / size
        }
    }
}
