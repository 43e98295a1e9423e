/// Names for runs that people can say: `sunny-smoke-1`.
enum RunName {
    private static let adjectives = [
        "amber", "ancient", "bold", "brave", "breezy", "bright", "calm", "clear", "clever", "cosy", "crisp",
        "daring",
        "deep", "eager", "early", "fancy", "fresh", "gentle", "golden", "good", "happy", "honest", "jolly",
        "kind",
        "light", "lively", "lucky", "mellow", "mild", "misty", "noble", "olive", "patient", "polished",
        "proud",
        "quick", "quiet", "rapid", "royal", "rustic", "sandy", "silent", "silver", "smooth", "snowy", "solar",
        "spring",
        "steady", "sunny", "swift", "tender", "tidy", "usual", "vivid", "warm", "wise", "young",
    ]
    private static let nouns = [
        "amphora", "bay", "bird", "brook", "butterfly", "cave", "cedar", "cloud", "coast", "comet", "dawn",
        "dew", "dune",
        "field", "fire", "fjord", "forest", "fox", "garden", "glade", "grove", "harbour", "haze", "hill",
        "island", "lake",
        "leaf", "meadow", "moon", "mountain", "night", "ocean", "olive", "paper", "pebble", "pine", "plain",
        "planet",
        "pond", "rain", "reef", "river", "rose", "sea", "shape", "sky", "smoke", "snow", "sound", "star",
        "stone", "sun",
        "sunset", "surf", "tree", "valley", "water", "wave", "wind", "wood",
    ]

    /// Draws a name.
    ///
    /// - Parameters:
    ///   - number: How many runs there are, with this one.
    ///   - generator: Where chance comes from.
    /// - Returns: Two words and the number.
    static func draw(number: Int, using generator: inout some RandomNumberGenerator) -> String {
        let adjective = adjectives.randomElement(using: &generator) ?? "plain"
        let noun = nouns.randomElement(using: &generator) ?? "run"
        return "\(adjective)-\(noun)-\(number)"
    }
}
