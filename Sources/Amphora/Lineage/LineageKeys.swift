import AmphoraObjects

extension LineageGraph.NodeID {
    /// The node's name in drawings and JSON: `v_` and the commit's 40 digits, or `r_` and the run's ID.
    ///
    /// The same for ever, so that a page can find a node of a drawing again.
    public var key: String {
        switch self {
        case .version(let commitID): "v_\(commitID)"
        case .run(let id): "r_\(id)"
        }
    }
}

extension LineageGroups.GroupID {
    /// The group's name in drawings and JSON: `t_` or `j_` and the type, all but letters and digits as hex.
    public var key: String {
        switch self {
        case .artifactType(let type): "t_" + Self.encoded(type.rawValue)
        case .jobType(let jobType): "j_" + Self.encoded(jobType)
        }
    }

    /// The text in the alphabet `A-Z a-z 0-9 _`, different for different text.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += (byte < 0x10 ? "_0" : "_") + String(byte, radix: 16)
            }
        }
    }
}
