import Amphora
import ArgumentParser

struct GarbageCollect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Tidy the store up: pack what is scattered, drop what nothing needs",
        discussion: """
            Writes loose objects and small packs into large packs, drops what no version, alias, run or other \
            ref reaches, packs refs, and removes what killed commands left. Waits for writers, and lets others \
            wait meanwhile; readers go on. What is unreachable is kept for a grace period, since work that is \
            not finished needs it: give `--grace 0` only while no other program uses the store.

            Commands that write call `gc --auto` at their end; `git config amphora.autoUpkeep false` in the \
            store stops that.

            Examples:
              amphora gc
              amphora gc --dry-run
              amphora gc --grace 12h
            """)

    @Flag(help: "Only pack, only if there is much to pack, and only if nobody is writing")
    var auto = false

    @Option(
        help: ArgumentHelp(
            "Keep what nothing needs for so long, such as 0, 12h or 14d", valueName: "duration"))
    var grace: GracePeriod = GracePeriod(duration: Store.defaultGrace)

    @Flag(help: "Say what would be done, and change nothing")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if auto, dryRun { throw ValidationError("--auto and --dry-run do not go together") }
    }

    func run() throws {
        let store = try global.openStore()
        if auto { return store.tidyUp() }
        let upkeep = try global.withProgress { progress in
            try store.collectGarbage(
                grace: grace.duration, dryRun: dryRun,
                onWait: { holder in
                    global.output.notice(
                        "waiting for others to finish writing\(holder.map { " (process \($0))" } ?? "")")
                }, progress: progress)
        }
        try global.output.write(json(upkeep), text: text(upkeep))
    }

    private func text(_ upkeep: Upkeep) -> String {
        guard !upkeep.isIdle else { return "Nothing to tidy up" }
        let verb = { (done: String, planned: String) in dryRun ? "Would \(planned)" : done }
        let tally = { (tally: Tally) in
            "\(Format.count(tally.objectCount, "object")) (\(Format.bytes(tally.byteCount)))"
        }
        var lines: [String] = []
        if upkeep.packed.objectCount > 0 {
            lines.append(
                "\(verb("Packed", "pack")) \(tally(upkeep.packed)) into \(Format.count(upkeep.newPackCount, "pack"))"
            )
        }
        if upkeep.dropped.objectCount > 0 {
            lines.append("\(verb("Dropped", "drop")) \(tally(upkeep.dropped)) that nothing needs")
        }
        if upkeep.recent.objectCount > 0 {
            lines.append("\(verb("Kept", "keep")) \(tally(upkeep.recent)) that nothing needs, but are recent")
        }
        if upkeep.packedRefCount > 0 {
            lines.append("\(verb("Packed", "pack")) \(Format.count(upkeep.packedRefCount, "ref"))")
        }
        if upkeep.leftoverCount > 0 {
            lines.append(
                "\(verb("Removed", "remove")) \(Format.count(upkeep.leftoverCount, "temporary file")) of killed commands"
            )
        }
        let freed = upkeep.freedByteCount
        lines.append(
            freed >= 0
                ? "\(verb("Freed", "free")) \(Format.bytes(freed))"
                : "\(verb("Took", "take")) \(Format.bytes(-freed)) more")
        return lines.joined(separator: "\n")
    }

    private func json(_ upkeep: Upkeep) -> JSONValue {
        let tally = { (tally: Tally) -> JSONValue in
            ["objects": .int(Int64(tally.objectCount)), "bytes": .int(Int64(tally.byteCount))]
        }
        return [
            "dry_run": .bool(dryRun), "packed": tally(upkeep.packed), "dropped": tally(upkeep.dropped),
            "recent": tally(upkeep.recent), "new_packs": .int(Int64(upkeep.newPackCount)),
            "removed_packs": .int(Int64(upkeep.removedPackCount)),
            "removed_loose": .int(Int64(upkeep.removedLooseCount)),
            "packed_refs": .int(Int64(upkeep.packedRefCount)),
            "temporary_files": .int(Int64(upkeep.leftoverCount)),
            "freed_bytes": .int(Int64(upkeep.freedByteCount)),
        ]
    }
}

/// A length of time as it is typed: `0`, `90s`, `30m`, `12h`, `14d`.
struct GracePeriod: ExpressibleByArgument {
    let duration: Duration

    init(duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        if argument == "0" {
            duration = .zero
        } else if let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()),
            (0...1_000_000).contains(count)
        {
            duration = .seconds(count * unit)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { "14d" }
}
