package import AmphoraObjects
import Synchronization

/// Adds up what threads have done, and tells of it.
package final class ProgressMeter: Sendable {
    private let handler: Progress.Handler?
    private let state: Mutex<Progress>

    package init(_ activity: String, fileCount: Int = 0, byteCount: Int = 0, _ handler: Progress.Handler?) {
        self.handler = handler
        state = Mutex(
            Progress(
                activity: activity, fileCount: 0, totalFileCount: fileCount, byteCount: 0,
                totalByteCount: byteCount))
    }

    /// So far.
    package var byteCount: Int { state.withLock { $0.byteCount } }

    package func add(files: Int = 0, bytes: Int = 0) {
        let now = state.withLock { state in
            state.fileCount += files
            state.byteCount += bytes
            return state
        }
        handler?(now)
    }
}
