/// SVG, and what its shapes stand for.
struct GraphPicture: Sendable {
    /// A class of the style sheet, and its meaning.
    struct Key: Sendable {
        let shape: String
        let title: String
    }

    let svg: String
    let legend: [Key]
}
