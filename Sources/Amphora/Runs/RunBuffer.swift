import AmphoraObjects
import AmphoraStore

/// What a run has logged and not saved yet.
struct RunBuffer {
    /// Metrics of this many bytes become a segment in the object store, so that memory stays bounded
    /// between saves.
    static let segmentByteCount = 1 << 20

    /// Lines of JSON.
    var lines: [UInt8] = []
    /// Segments in the object store that no save has named yet.
    var segments: [StoredFile] = []
    var media: [MediaEntry] = []
    /// The last step logged here; `nil` if there is none yet.
    var lastStep: Int?
    var lastSave = ContinuousClock.now

    var isEmpty: Bool { lines.isEmpty && segments.isEmpty && media.isEmpty }

    /// Takes out all that is to be saved; the rest stays.
    mutating func take() -> RunBuffer {
        let taken = self
        lines = []
        segments = []
        media = []
        return taken
    }

    /// Puts back, in front, what could not be saved.
    mutating func putBack(_ taken: RunBuffer) {
        lines = taken.lines + lines
        segments = taken.segments + segments
        media = taken.media + media
    }
}
