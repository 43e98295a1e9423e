/// A pattern for a path of any number of components: `Docs/*.md`, `/build`, `a/**/b`.
struct PathGlob: Hashable, Sendable {
    /// A piece of the pattern, between two slashes.
    enum Component: Hashable, Sendable {
        /// One component of the path.
        case one(ComponentGlob)
        /// `**`: any number of components, also none; at the end of the pattern at least one.
        case anyDepth
    }

    let components: [Component]

    /// The only path that the pattern matches, or `nil` if it has a wildcard.
    var literal: [UInt8]? {
        var names: [[UInt8]] = []
        for component in components {
            guard case .one(let glob) = component, let name = glob.literal else { return nil }
            names.append(name)
        }
        return Array(names.joined(separator: [UInt8(ascii: "/")]))
    }

    /// Whether the pattern matches the whole of `path`.
    ///
    /// As with stars in a component, only the latest `**` ever has to be tried again.
    ///
    /// - Complexity: O(*n* × *m*) matches of one component, for *n* components in the path and *m* in the
    ///   pattern.
    func matches(_ path: Span<UInt8>) -> Bool {
        var component = 0
        var start = 0  // of the path's next component; past `path.count` after the last one
        var retry: (component: Int, start: Int)?
        while true {
            if component < components.count {
                switch components[component] {
                case .anyDepth:
                    component += 1
                    if component == components.count { return start <= path.count }
                    retry = (component, start)
                    continue
                case .one(let glob):
                    guard start <= path.count else { return false }
                    let end = Self.componentEnd(in: path, from: start)
                    if glob.matches(path.extracting(start..<end)) {
                        component += 1
                        start = end + 1
                        continue
                    }
                }
            } else if start > path.count {
                return true
            }
            guard let latest = retry, latest.start <= path.count else { return false }
            component = latest.component
            start = Self.componentEnd(in: path, from: latest.start) + 1
            retry = (component, start)
        }
    }

    private static func componentEnd(in path: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }
}
