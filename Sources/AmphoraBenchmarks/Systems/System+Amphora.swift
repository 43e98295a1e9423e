extension System {
    static let amphora = System(
        name: "amphora",
        role: .subject,
        version: #""$AMPHORA" --version"#,
        prepare: #""$AMPHORA" init"#,
        put: #"exec "$AMPHORA" put "$SOURCE" --name data --type dataset"#,
        get: #"exec "$AMPHORA" get data --to out"#,
        // Without the index, which is a cache.
        store: ".amphora/objects .amphora/refs .amphora/logs")

    /// The same on the first cores of the machine.
    static func amphora(cores: Int) -> System {
        let pinned = #"exec taskset --cpu-list 0-\#(cores - 1) "$AMPHORA""#
        return System(
            name: "\(cores) \(cores == 1 ? "core" : "cores")",
            role: .subject,
            version: #"taskset --cpu-list 0-\#(cores - 1) "$AMPHORA" --version"#,
            prepare: amphora.prepare,
            put: #"\#(pinned) put "$SOURCE" --name data --type dataset"#,
            get: "\(pinned) get data --to out",
            store: amphora.store)
    }
}
