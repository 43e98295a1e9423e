import Amphora
import AmphoraWeb
import ArgumentParser

struct Lineage: AsyncParsableCommand {
    enum Style: String, CaseIterable, ExpressibleByArgument {
        case text, dot, mermaid, json, svg
    }

    static let configuration = CommandConfiguration(
        abstract: "Show what was made of what, by which runs",
        discussion: """
            Without an argument the whole store; with a version or run what it came from and what it led to.

            Examples:
              amphora lineage
              amphora lineage trained-model:best --up
              amphora lineage --group --format mermaid
              amphora lineage --format svg > lineage.svg
            """)

    @Argument(help: "A version, or a run by its ID or name")
    var start: String?

    @Flag(help: "Only what it came from")
    var up = false

    @Flag(help: "Only what it led to")
    var down = false

    @Option(help: ArgumentHelp("Follow at most this many links each way", valueName: "links"))
    var depth: Int?

    @Flag(help: "One node for each artifact type and job type")
    var group = false

    @Option(help: "text, dot, mermaid, json or svg (by Graphviz)")
    var format: Style?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let depth, depth < 0 { throw ValidationError("--depth is a number from 0") }
        if start == nil, up || down || depth != nil {
            throw ValidationError("--up, --down and --depth need a version or run to start from")
        }
    }

    func run() async throws {
        let store = try global.openStore()
        let node = try start.map { try store.lineageNode($0) }
        let directions: Set<LineageDirection> = up == down ? [.up, .down] : up ? [.up] : [.down]
        let graph =
            try node.map { try store.lineage(around: [$0], directions: directions, depth: depth) }
            ?? store.lineage()
        let drawn = group ? DrawnGraph(graph.grouped()) : DrawnGraph(graph)
        switch format ?? (global.json ? .json : .text) {
        case .text: try Output.write(text(graph, from: node))
        case .dot: try Output.write(drawn.dot)
        case .mermaid: try Output.write(drawn.mermaid)
        case .json: try Output.write("\((group ? graph.grouped().json : graph.json).line)\n")
        case .svg: try Output.write(bytes: await Graphviz.draw(drawn.dot, as: "svg"))
        }
    }

    private func text(_ graph: LineageGraph, from node: LineageGraph.NodeID?) -> String {
        if group { return LineageText.render(graph.grouped()) }
        guard let node, up != down else { return LineageText.render(graph) }
        return LineageText.render(graph, from: [node], direction: up ? .up : .down)
    }
}
