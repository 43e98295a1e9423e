import Amphora
import AmphoraSync
import ArgumentParser

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that what is stored is whole",
        discussion: """
            Reads every object once, compares packs with their indexes and chunked files with their SHA-256, \
            and follows every ref. Names what is damaged and which versions and files it touches; exit status \
            13 then. Content that is not here yet is no damage: how many versions lack some is said. For one \
            version that is not here whole, the exit status is 15.

            Examples:
              amphora verify
              amphora verify mnist-raw:v3
              amphora verify --quick
              amphora verify --repair       bring what is damaged anew from remotes that have it
            """)

    @Argument(help: "One version to check (default: all that is in the store)")
    var version: String?

    @Flag(help: "Check structure only: commits, trees, and that every blob is there")
    var quick = false

    @Flag(help: "Bring what is damaged anew from remotes, tidy up, and check again")
    var repair = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        guard !repair || version == nil && !quick else { throw RepairIsOfAll() }
        let store = try global.openStore()
        let only = try version.map { try store.version($0) }
        var report = try global.withProgress { try store.verify(only: only, quick: quick, progress: $0) }
        if repair, !report.damagedObjects.isEmpty {
            try bringAnew(report.damagedObjects, in: store)
            report = try global.withProgress { try store.verify(progress: $0) }
        }
        let lines = report.damages.map { damage in
            "\(damage.subject)\(damage.path.map { ": \($0)" } ?? ""): \(damage.problem)"
                .escapingControlCharacters()
        }
        try global.output.write(
            Self.json(report),
            text: (lines + [Self.summary(report, isQuick: quick)]).joined(separator: "\n"))
        global.output.tell(try store.strayTypes().filter { only == nil || $0.version == only?.name })
        guard report.isSound else { throw CommandStatus(value: ErrorCode.corrupt.exitStatus) }
    }

    private func bringAnew(_ ids: [ObjectID], in store: Store) throws {
        let (repaired, failures) = try store.repair(ids, from: store.remotes(through: .ofProcess))
        for failure in failures { global.output.notice(of: failure) }
        global.output.notice(
            "\(Format.number(repaired.count)) of \(Format.count(ids.count, "damaged object")) brought anew")
        guard !repaired.isEmpty else { return }
        // What is damaged is left out, if nothing needs it any more.
        do {
            _ = try global.withProgress { try store.collectGarbage(progress: $0) }
        } catch {
            guard let error = error as? any UserFacingError else { throw error }
            global.output.notice(of: error)
        }
    }

    private static func summary(_ report: Verification, isQuick: Bool) -> String {
        let found =
            report.isSound ? "no damage" : Format.count(report.damages.count, "problem")
        let content = isQuick ? "structure only" : "\(Format.bytes(report.byteCount)) read"
        return
            "Verified \(Format.count(report.versionCount, "version"))\(presence(report)), \(Format.count(report.fileCount, "file"))"
            + ", \(Format.count(report.runCount, "run")) (\(content)): \(found)"
    }

    /// Of how many versions the content is here, if not of all.
    private static func presence(_ report: Verification) -> String {
        let (part, absent) = (report.partialVersionCount, report.absentVersionCount)
        guard part + absent > 0 else { return "" }
        return " (\(report.versionCount - part - absent) whole, \(part) here in part, \(absent) not here yet)"
    }

    private static func json(_ report: Verification) -> JSONValue {
        [
            "sound": .bool(report.isSound), "versions": .int(Int64(report.versionCount)),
            "partial_versions": .int(Int64(report.partialVersionCount)),
            "absent_versions": .int(Int64(report.absentVersionCount)),
            "runs": .int(Int64(report.runCount)), "files": .int(Int64(report.fileCount)),
            "bytes": .int(Int64(report.byteCount)), "objects": .int(Int64(report.objectCount)),
            "packs": .int(Int64(report.packCount)),
            "damages": .array(
                report.damages.map { damage in
                    [
                        "subject": .string(damage.subject),
                        "path": damage.path.map { .string($0.description) } ?? .null,
                        "problem": .string(damage.problem), "missing": .bool(damage.isMissing),
                    ]
                }),
        ]
    }
}

/// A part of the store was to be repaired.
struct RepairIsOfAll: UserFacingError {
    var code: ErrorCode { .invalidArgument }
    var message: String { "`--repair` is of all that is stored" }
    var hint: String? { "Leave out the version and `--quick`." }
}
