import CCmark

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Markdown as HTML that is harmless: markup in it is left out, and links lead nowhere but to where people may go.
enum Markdown {
    /// The most cells of tables that a text may come to.
    private static let cellLimit = 100_000

    private nonisolated(unsafe) static let tables: OpaquePointer? = {
        cmark_gfm_core_extensions_ensure_registered()
        return cmark_find_syntax_extension("table")
    }()

    static func html(_ text: String) -> String {
        // Safe mode, which is the default, leaves out markup and links such as `javascript:`.
        let options = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_SMART
        let parser = cmark_parser_new(options)
        defer { cmark_parser_free(parser) }
        if cellCount(of: text) <= cellLimit { cmark_parser_attach_syntax_extension(parser, tables) }
        cmark_parser_feed(parser, text, text.utf8.count)
        guard let document = cmark_parser_finish(parser) else { return "" }
        defer { cmark_node_free(document) }
        for node in nodes(in: document) {
            switch cmark_node_get_type(node) {
            case CMARK_NODE_IMAGE:
                // Who fetches a picture from elsewhere tells that this is being read: its words must do.
                unwrap(node)
            case CMARK_NODE_LINK where !leadsToTheWeb(node):
                // From where the text stands here it would lead to nothing.
                unwrap(node)
            case CMARK_NODE_HEADING:
                // The first level is the page's own.
                cmark_node_set_heading_level(node, min(cmark_node_get_heading_level(node) + 1, 6))
            default: break
            }
        }
        guard let html = cmark_render_html(document, options, cmark_parser_get_syntax_extensions(parser))
        else { return "" }
        defer { free(html) }
        return String(cString: html)
    }

    /// At most so many cells its tables can have: a row that has fewer than the first gets the others.
    private static func cellCount(of text: String) -> Int {
        var (rows, columns, bars) = (1, 0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "|"): bars += 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                (rows, columns, bars) = (rows + 1, max(columns, bars), 0)
            default: break
            }
        }
        return rows * max(columns, bars)
    }

    private static func leadsToTheWeb(_ link: OpaquePointer) -> Bool {
        let address = cmark_node_get_url(link).map { String(cString: $0).lowercased() } ?? ""
        return ["http://", "https://", "mailto:"].contains { address.hasPrefix($0) }
    }

    /// Puts what is in a node into its place.
    private static func unwrap(_ node: OpaquePointer) {
        while let child = cmark_node_first_child(node) { cmark_node_insert_before(node, child) }
        cmark_node_free(node)
    }

    /// What has other nodes in it, those further inside first.
    private static func nodes(in document: OpaquePointer) -> [OpaquePointer] {
        let walk = cmark_iter_new(document)
        defer { cmark_iter_free(walk) }
        var nodes: [OpaquePointer] = []
        while true {
            let event = cmark_iter_next(walk)
            if event == CMARK_EVENT_DONE { return nodes }
            if event == CMARK_EVENT_EXIT, let node = cmark_iter_get_node(walk) { nodes.append(node) }
        }
    }
}
