/// Random numbers that are the same on every machine, by integer arithmetic alone.
///
/// SplitMix64: Steele, Lea, Flood, «Fast splittable pseudorandom number generators», OOPSLA 2014. Each block of
/// a workload draws from a stream of its own, so that blocks can be made in any order and at once.
struct RandomStream {
    private var state: UInt64

    /// - Parameters:
    ///   - seed: Of the whole workload.
    ///   - index: Which of its streams.
    init(seed: UInt64, index: Int) {
        state = Self.mixed(Self.mixed(seed) &+ UInt64(bitPattern: Int64(index)))
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var z = number
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number from 0 to `limit - 1`.
    mutating func below(_ limit: Int) -> Int {
        Int(UInt64(limit).multipliedFullWidth(by: next()).high)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        let words = (count + 7) / 8
        return [UInt8](unsafeUninitializedCapacity: words * 8) { buffer, initializedCount in
            let target = UnsafeMutableRawBufferPointer(buffer)
            for word in 0..<words {
                target.storeBytes(of: next().littleEndian, toByteOffset: 8 * word, as: UInt64.self)
            }
            initializedCount = count
        }
    }

    /// The bytes of numbers whose mean is 0 and variance 1, little-endian.
    ///
    /// Each is a sum of eight uniform ones, which is as good as normal here: signs, exponents and mantissas are
    /// spread as in a layer of a network. It is exact until it is rounded, so that no mathematical library can make a difference.
    mutating func normalFloats(_ count: Int) -> [UInt8] {
        // The sum's standard deviation: the square root of 8 / 12, in units of 2³².
        let scale = Float(1.224_744_9 / 4_294_967_296)
        return [UInt8](unsafeUninitializedCapacity: count * 4) { buffer, initializedCount in
            let target = UnsafeMutableRawBufferPointer(buffer)
            for index in 0..<count {
                var sum: Int64 = -4 << 32
                for _ in 0..<4 {
                    let number = next()
                    sum &+= Int64(number >> 32) &+ Int64(number & 0xFFFF_FFFF)
                }
                let bits = (Float(sum) * scale).bitPattern.littleEndian
                target.storeBytes(of: bits, toByteOffset: 4 * index, as: UInt32.self)
            }
            initializedCount = count * 4
        }
    }
}
