import AmphoraPack

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Hashes the parts of a file in their order, whichever threads bring them.
///
/// `@unchecked`: `next` and `failure` are touched under the mutex, `hasher` by the thread whose turn it is.
final class OrderedHasher: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let turned = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var next = 0
    private var failure: (any Error)?
    private var hasher = FileHasher()

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(turned, nil)
    }

    deinit {
        pthread_cond_destroy(turned)
        pthread_mutex_destroy(mutex)
        turned.deallocate()
        mutex.deallocate()
    }

    /// Waits for the parts before this one, and adds it.
    ///
    /// Every part of a smaller number must be on its way on another thread, or ``fail(_:)``.
    ///
    /// - Throws: What ``fail(_:)`` was told.
    func add(_ number: Int, _ bytes: UnsafeRawBufferPointer) throws {
        let failed = locked {
            while next != number, failure == nil { pthread_cond_wait(turned, mutex) }
            return failure
        }
        if let failed { throw failed }
        hasher.update(bytes)
        locked {
            next += 1
            pthread_cond_broadcast(turned)
        }
    }

    /// Says that a part will not come.
    func fail(_ error: any Error) {
        locked {
            failure = failure ?? error
            pthread_cond_broadcast(turned)
        }
    }

    /// The SHA-256 of all parts, once they are added.
    var digest: String { hasher.finalize() }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
