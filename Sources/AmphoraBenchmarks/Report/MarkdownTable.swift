/// A table in Markdown: the first column to the left, the others to the right.
struct MarkdownTable {
    let titles: [String]
    var rows: [[String]] = []

    var text: String {
        let rule = ["---"] + [String](repeating: "--:", count: titles.count - 1)
        return ([titles, rule] + rows).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }
}
