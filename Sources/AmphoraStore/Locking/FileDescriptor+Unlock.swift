package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FileDescriptor {
    /// Lets go of the lock on the file, flock(2), and closes it.
    ///
    /// To close it is not enough: a process that another thread is just starting has the file open, too, until it
    /// runs its program, and would keep the lock.
    package func unlockAndClose() {
        flock(rawValue, LOCK_UN)
        try? close()
    }
}
