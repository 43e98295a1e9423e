package import AmphoraObjects

extension RunInfo {
    /// The record, with the state as it is now, and the links.
    package var json: JSONValue {
        var json = record.json
        json["state"] = .string(state.rawValue)
        let names = { (isWanted: (LinkRole) -> Bool) in
            JSONValue.array(links.filter { isWanted($0.role) }.map { .string($0.artifact) })
        }
        json["inputs"] = names(\.isInput)
        json["outputs"] = names(\.isOutput)
        return json
    }
}
