import ArgumentParser

/// Options that every command has.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Write JSON, one object a line, instead of text")
    var json = false

    @Flag(name: [.short, .long], help: "Write results only, no progress and no notices")
    var quiet = false

    var output: Output { Output(isJSON: json, isQuiet: quiet) }
}
