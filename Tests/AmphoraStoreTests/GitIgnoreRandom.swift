/// Makes ignore files at random, from the pieces that have a meaning in them.
struct GitIgnoreRandom: RandomNumberGenerator {
    /// The state of a SplitMix64; the seed to begin with.
    var state: UInt64

    private static let common = [
        "a", "b", "ab", "c", "/", "/", "*", "*", "?", "**", "**/", "/**", "/**/", "[ab]", "[!a]",
    ]
    private static let rare = [
        "***", "\\a", "\\b", "\\*", "\\/", "**\\/", "\\", "\\[", "\\ ", " ", "  ", "!", "#", "-", "[", "]",
        "[^b]", "[a-b]", "[b-a]", "[]a]", "[!]a]", "[a-]", "[-b]", "[a-b-c]", "[\\a-\\b]", "[[:alpha:]]",
        "[[:punct:]b]", "[![:alpha:]]", "[[:x:]]", "[[::]]", "[[:]", "[[:a]", "[[:", ":]", "[[-b]", "[a/b]",
        "[/]", "[ab", "//", "\t", "\r", "é", "\u{FEFF}", "\0",
    ]

    private static let folders = [
        "a/", "b/", "ab/", "a/a/", "a/b/", "a/c/", "b/a/", "ab/c/", "a/b/a/", "a/b/ab/", "b/a/b/", "a/a/a/b/",
    ]
    private static let names = [
        "a", "b", "c", "ab", "ba", "cb", "abc", "aab", "*", "[", "a b", "a ", " ", "!a", "#b", "\\", "\\a",
        "-",
        "]", "é", ":", "a*", "\ta", "b\r",
    ]
    private static let paths: [[UInt8]] = {
        let inFolders = ["a/", "a/b/", "b/a/"].flatMap { folder in names.prefix(10).map { folder + $0 } }
        let files = (names + inFolders + ["ab/c/b", "a/a/a/b/a", "c/a", "c/b/a", "c/c/c/ab"])
        return (folders + files.filter { !folders.contains($0 + "/") }).map { Array($0.utf8) }
    }()

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// An ignore file at the top, mostly of one line, and sometimes others below it.
    mutating func nextCase() -> GitIgnoreCase {
        var files: [[UInt8]: [UInt8]] = [[]: nextFile()]
        for base in ["a", "a/b", "ab"] where Int.random(in: 0..<6, using: &self) == 0 {
            files[Array(base.utf8)] = nextFile()
        }
        return GitIgnoreCase(files: files, paths: Self.paths)
    }

    private mutating func nextFile() -> [UInt8] {
        let lineCount = Bool.random(using: &self) ? 1 : Int.random(in: 1...5, using: &self)
        let ending = Array((["\n", "\n", "\n", "\r\n", " \n"].randomElement(using: &self) ?? "\n").utf8)
        var text = Array((0..<lineCount).map { _ in nextLine() }.joined(separator: ending))
        if Bool.random(using: &self) { text += ending }
        return text
    }

    private mutating func nextLine() -> [UInt8] {
        while true {
            let pieces = (0..<Int.random(in: 1...6, using: &self)).map { _ in
                let isCommon = Int.random(in: 0..<8, using: &self) != 0
                return (isCommon ? Self.common : Self.rare).randomElement(using: &self) ?? ""
            }
            let negation = Int.random(in: 0..<5, using: &self) == 0 ? "!" : ""
            let line = Array((negation + pieces.joined()).utf8)
            if !GitIgnoreCase.isMisreadByGit(line) { return line }
        }
    }
}
