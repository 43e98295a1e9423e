import FoundationEssentials

/// What a process has started, as Linux tells it in `/proc`; elsewhere nothing is known.
package struct ProcessTree {
    /// All that descend from the process, itself not among them.
    package let ids: [Int32]

    package init(of root: Int32) {
        var ids: [Int32] = []
        var next = [root]
        while let id = next.popLast() {
            let children = Self.text(id, "task/\(id)/children").split(separator: " ").compactMap {
                Int32($0)
            }
            ids += children
            next += children
        }
        self.ids = ids
    }

    /// A number that changes when one of the processes whose names begin so has read, written, or computed.
    ///
    /// - Parameters:
    ///   - root: Whose tree it is.
    ///   - isCounted: Gets the names of programs.
    /// - Returns: The number.
    package func activity(of root: Int32, _ isCounted: (Substring) -> Bool) -> Int {
        ([root] + ids).reduce(0) { sum, id in
            let fields = Self.text(id, "stat")
            // The name stands in parentheses, and may hold some.
            guard let start = fields.firstIndex(of: "("), let end = fields.lastIndex(of: ")"), start < end,
                isCounted(fields[fields.index(after: start)..<end])
            else { return sum }
            let ticks = fields[end...].split(separator: " ").dropFirst(12).prefix(2).compactMap { Int($0) }
            let bytes = Self.text(id, "io").split(separator: "\n").prefix(2).compactMap {
                Int($0.split(separator: " ").last ?? "")
            }
            return (ticks + bytes).reduce(sum, &+)
        }
    }

    /// Whether one of the processes has a file open, or the root does.
    package func hasOpen(_ path: String, of root: Int32) -> Bool {
        ([root] + ids).contains { id in
            let folder = "/proc/\(id)/fd"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
            }
        }
    }

    private static func text(_ id: Int32, _ name: String) -> String {
        FileManager.default.contents(atPath: "/proc/\(id)/\(name)").map {
            String(decoding: $0, as: UTF8.self)
        }
            ?? ""
    }
}
