import ArgumentParser

/// How large the workloads are.
enum WorkloadSize: String, CaseIterable, ExpressibleByArgument {
    case full, quick, tiny

    var weightsByteCount: Int {
        switch self {
        case .full: 1 << 30
        case .quick: 128 << 20
        case .tiny: 4 << 20
        }
    }

    var smallFileCount: Int {
        switch self {
        case .full: 20_000
        case .quick: 2_000
        case .tiny: 200
        }
    }

    var tableByteCount: Int {
        switch self {
        case .full: 256 << 20
        case .quick: 32 << 20
        case .tiny: 1 << 20
        }
    }
}
