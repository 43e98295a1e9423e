import Amphora
import ArgumentParser

struct Files: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the files of a version",
        discussion: """
            Examples:
              amphora files mnist-raw
              amphora files mnist-raw:v0 images/test
            """)

    @Argument(help: "NAME, NAME:ALIAS or NAME:vN")
    var version: String

    @Argument(help: "Files and folders to list (default: all)")
    var paths: [String] = []

    @OptionGroup var content: ContentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let files = try content.openStore(global).version(version).files(below: paths)
        var table = TextTable([
            .init("SIZE", .right), .init("DIGEST"), .init("KIND"), .init("PATH", mayShrink: true),
        ])
        let rows = files.map { file in
            let kind = file.isExecutable ? "executable" : "file"
            table.append([
                Format.bytes(file.byteCount), String("\(file.id)".prefix(10)),
                file.isChunked ? "chunked" : kind,
                file.path.description,
            ])
            return file.json
        }
        try global.output.write(rows, table: table, ifEmpty: "No files.")
    }
}
