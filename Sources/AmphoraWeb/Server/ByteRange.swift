/// Which bytes of a file a reader asks for.
///
/// RFC 9110, section 14. Of several ranges at once the whole file comes, as the RFC allows.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int>)
    /// None that the file has.
    case nothing

    /// - Parameters:
    ///   - header: The request's `Range`.
    ///   - byteCount: The length of the file.
    init(_ header: String?, of byteCount: Int) {
        self = .whole
        guard let header, header.lowercased().hasPrefix("bytes="),
            !header.contains(",")
        else { return }
        let ends = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
            return
        }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last:
            self = first < byteCount ? .part(first..<min(last, byteCount - 1) + 1) : .nothing
        case (let first?, nil) where ends[1].isEmpty:
            self = first < byteCount ? .part(first..<byteCount) : .nothing
        case (nil, let count?) where ends[0].isEmpty:
            self = count > 0 && byteCount > 0 ? .part(max(0, byteCount - count)..<byteCount) : .nothing
        default: break
        }
    }
}
