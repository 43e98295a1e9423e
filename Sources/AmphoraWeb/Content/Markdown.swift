import CCmark

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Markdown as HTML that is harmless: markup in it is left out, and links lead nowhere but to where people may go.
enum Markdown {
    static func html(_ text: String) -> String {
        // Safe mode, which is the default, leaves out markup and links such as `javascript:`.
        let options = CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_SMART
        guard let html = cmark_markdown_to_html(text, text.utf8.count, options) else { return "" }
        defer { free(html) }
        return String(cString: html)
    }
}
