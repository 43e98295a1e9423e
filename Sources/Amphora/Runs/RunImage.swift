public import AmphoraObjects

/// An image that a run has logged.
public struct RunImage: Sendable, Hashable {
    /// As ``Store/readMedia(_:of:)`` takes it.
    public let path: String
    /// The name under which it was logged, with others perhaps.
    public let key: String
    public let step: Int
    /// Which one of its key and step it is, from 0.
    public let number: Int
    /// May be empty.
    public let caption: String
}

extension Store {
    /// The images of a run with their captions, by key, step and number.
    ///
    /// - Throws: ``NotInStore``; ``ContentAbsent`` if the captions are not here.
    public func images(of id: RunID) throws -> [RunImage] {
        var captions: [String: [JSONValue]] = [:]
        let paths = try media(of: id)
        let known = Set(paths)
        let images = try paths.compactMap { path -> RunImage? in
            guard path.hasSuffix(".png"), let slash = path.lastIndex(of: "/") else { return nil }
            let numbers = path[path.index(after: slash)...].dropLast(4).split(separator: "-").compactMap {
                Int($0)
            }
            guard numbers.count == 2 else { return nil }
            let name = "\(path[..<slash])/\(numbers[0])"
            if captions[name] == nil {
                let file = "\(name).json"
                captions[name] =
                    known.contains(file)
                    ? try JSONValue(parsing: readMedia(file, of: id))["captions"]?.array ?? [] : []
            }
            let all = captions[name] ?? []
            let caption = all.indices.contains(numbers[1]) ? all[numbers[1]].string : nil
            return RunImage(
                path: path, key: String(path[..<slash]), step: numbers[0], number: numbers[1],
                caption: caption ?? "")
        }
        return images.sorted { ($0.key, $0.step, $0.number) < ($1.key, $1.step, $1.number) }
    }
}
