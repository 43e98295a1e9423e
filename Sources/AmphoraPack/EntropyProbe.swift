#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Tells from a sample whether content is worth deflating.
///
/// The entropy of its bytes, as if each were drawn by itself: blind to repetitions, but thirty times faster
/// than deflate, and what repeats over more than a chunk is found by its hash anyway.
enum EntropyProbe {
    /// The sample: this many pieces, evenly spread, of this many bytes each.
    private static let pieceCount = 8
    private static let pieceByteCount = 512
    /// Deflate must be able to save an eighth: less is not worth its time, with each reader's on top.
    private static let bitsPerByte = 7.0

    static func isCompressible(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // A sample of so few bytes says little, and deflating them costs little.
        guard bytes.count >= pieceByteCount else { return true }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
            counts.initialize(repeating: 0)
            var total = 0
            let stride = max(pieceByteCount, bytes.count / pieceCount)
            var start = 0
            while start < bytes.count, total < pieceCount * pieceByteCount {
                let end = min(start + pieceByteCount, bytes.count)
                for index in start..<end { counts[Int(bytes[index])] += 1 }
                total += end - start
                start += stride
            }
            var sum = 0.0
            for count in counts where count > 1 { sum += Double(count) * log2(Double(count)) }
            return log2(Double(total)) - sum / Double(total) < bitsPerByte
        }
    }
}
