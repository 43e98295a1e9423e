#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The bend between two affine layers, without which they would be one.
enum Activation: String, Codable, Equatable, Sendable {
    /// max(x, 0).
    case relu
    /// The hyperbolic tangent.
    case tanh

    func callAsFunction(_ input: Matrix) -> Matrix {
        var output = input
        output.values.withUnsafeMutableBufferPointer { values in
            switch self {
            case .relu: for index in values.indices where values[index] < 0 { values[index] = 0 }
            case .tanh: for index in values.indices { values[index] = tanhf(values[index]) }
            }
        }
        return output
    }

    /// How the loss changes with the input; both functions have a slope that their output tells.
    func inputGradient(output: Matrix, outputGradient: Matrix) -> Matrix {
        var gradient = outputGradient
        gradient.values.withUnsafeMutableBufferPointer { gradients in
            output.values.withUnsafeBufferPointer { outputs in
                switch self {
                case .relu: for index in outputs.indices where outputs[index] <= 0 { gradients[index] = 0 }
                case .tanh:
                    for index in outputs.indices { gradients[index] *= 1 - outputs[index] * outputs[index] }
                }
            }
        }
        return gradient
    }
}
