import NIOPosix

/// Threads for what blocks; they end with the last who holds this.
final class Threads: Sendable {
    private let pool: NIOThreadPool

    init(count: Int) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    deinit { pool.shutdownGracefully { _ in } }

    /// Runs `body` as soon as a thread is free.
    func callAsFunction(_ body: @escaping @Sendable () -> Void) {
        pool.submit { _ in withExtendedLifetime(self) { body() } }
    }
}
