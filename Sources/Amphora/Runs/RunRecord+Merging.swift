import AmphoraObjects

extension RunRecord {
    /// Makes one record of two that were changed apart.
    ///
    /// What only one side has changed is taken from it, entry by entry. Of an entry that both have changed counts what the
    /// side with more saves says, but that tags are joined, and notes stand one below the other.
    ///
    /// - Parameters:
    ///   - other: The other side.
    ///   - base: What both began with.
    /// - Returns: The same, whichever side is the other.
    func merged(with other: RunRecord, since base: RunRecord?) -> RunRecord {
        // Of as many saves any order will do.
        let isOlder = (sequence, fields.canonical) < (other.sequence, other.fields.canonical)
        let (newer, older) = isOlder ? (other, self) : (self, other)
        let both = { (key: String) in
            let (new, old, start) = (newer.fields[key], older.fields[key], base?.fields[key])
            return new != old && new != start && old != start
        }
        var merged = RunRecord(
            fields: JSONValue.merged(newer.fields, older.fields, since: base?.fields) ?? newer.fields)
        if both("tags") { merged.tags = newer.tags + older.tags.filter { !newer.tags.contains($0) } }
        if both("notes"), !newer.notes.contains(older.notes), !older.notes.contains(newer.notes) {
            merged.notes = "\(newer.notes)\n\(older.notes)"
        }
        merged.sequence = newer.sequence
        return merged
    }
}

extension JSONValue {
    /// What both sides made of a value; `nil` is none.
    fileprivate static func merged(_ newer: JSONValue?, _ older: JSONValue?, since base: JSONValue?)
        -> JSONValue?
    {
        if newer == older || older == base { return newer }
        if newer == base { return older }
        guard let new = newer?.object, let old = older?.object else { return newer ?? older }
        let keys = Set(new.keys).union(old.keys)
        return .object(
            keys.reduce(into: [:]) { $0[$1] = merged(new[$1], old[$1], since: base?[$1]) })
    }
}
