import Amphora
import HTTPTypes

/// Rows of one kind, with columns to sort by, a page at a time.
struct Table<Row> {
    var columns: [Column<Row>]
    let rows: [Row]
    /// Column and direction if the question names none.
    var order = TableOrder(column: nil, isDescending: false)
    /// What tells rows apart, if some of them can be chosen.
    var identity: ((Row) -> String)?
    /// The most rows that are shown, where others are on another page; `nil` for a page of them at a time.
    var limit: Int?
    /// Words for what is left out or empty.
    var caption: String
    /// What the question calls its own order and page, where a page has several tables: `outputs.sort`.
    var name = ""

    /// The rows of a page.
    static var pageLength: Int { 50 }
    /// The lengths that a page offers, up to the most that it shows.
    private static var pageLengthChoices: [Int] { [50, 100, 250, 500] }

    /// What the template shows.
    ///
    /// - Parameters:
    ///   - place: Where the table is, for links to itself in another order.
    ///   - context: Whose question names the order and the page. Static files have the longest pages, and leave sorting to
    ///     scripts.
    /// - Returns: A model for the template `table`.
    /// - Throws: ``Problem`` if the question has no order or page that there can be.
    func model(at place: Place, _ context: PageContext) throws(Problem) -> Model {
        let order = try order(context.query)
        let sorted = sorted(by: order)
        let isLive = context.links.isLive
        let longest = Self.pageLengthChoices[Self.pageLengthChoices.count - 1]
        // A file's number is that of one table: beside others there is all of it.
        let most = name.isEmpty ? longest : max(longest, sorted.count)
        let pager = try Pager(
            sorted.count, context.query, prefix: prefix, standard: isLive ? Self.pageLength : most,
            choices: isLive ? Self.pageLengthChoices : [])
        let isCut = isLive && limit != nil
        let shown = isCut ? sorted.prefix(limit ?? 0) : sorted[pager.shown]
        let isSortedByScripts = !isLive && pager.pageCount == 1
        return [
            "caption": caption,
            "hasNone": rows.isEmpty,
            "isSelectable": identity != nil && isLive, "isSortedByScripts": isSortedByScripts,
            "columns": columns.map { header($0, order, place, context) },
            "rows": shown.map { row in
                let cells = columns.map { column in
                    var cell = column.cell(row).model(isNumber: column.isNumber, context.links)
                    let key = isSortedByScripts ? column.sortKey?(row) : nil
                    cell["hasSortKey"] = key != nil
                    cell["sortKey"] = key?.text ?? ""
                    return cell
                }
                return [
                    "identity": identity?(row) ?? "", "title": cells.first?["text"] ?? "", "cells": cells,
                ] as Model
            },
            "pagers": isCut ? [] : [pager.model(at: place, context)].compactMap(\.self),
        ]
    }

    private var prefix: String { name.isEmpty ? "" : "\(name)." }

    private func order(_ query: Query) throws(Problem) -> TableOrder {
        guard let wanted = TableOrder(query["\(prefix)sort"]), let column = wanted.column else {
            return order
        }
        let keys = columns.filter { $0.sortKey != nil }.map(\.key)
        if keys.contains(column) { return wanted }
        // A field, such as `summary.loss`, is a column only while it is chosen, or what is shown has it.
        guard !column.contains(".") else { return order }
        throw Problem(
            status: .badRequest,
            message: "'\(prefix)sort' is one of these: \(keys.joined(separator: ", ")).",
            hint: "With `-` before it the largest come first.")
    }

    private func sorted(by order: TableOrder) -> [Row] {
        guard let key = columns.first(where: { $0.key == order.column })?.sortKey else {
            return order.isDescending ? rows.reversed() : rows
        }
        let keys = rows.map(key)
        // What has no value comes last, whatever the direction.
        return rows.indices.sorted { left, right in
            switch (keys[left], keys[right]) {
            case (nil, nil): left < right
            case (nil, _): false
            case (_, nil): true
            case (let leftKey?, let rightKey?):
                leftKey == rightKey ? left < right : (leftKey < rightKey) != order.isDescending
            }
        }.map { rows[$0] }
    }

    private func header(_ column: Column<Row>, _ order: TableOrder, _ place: Place, _ context: PageContext)
        -> Model
    {
        var model: Model = [
            "title": column.title, "isNumber": column.isNumber, "hasHelp": column.help != nil,
            "help": column.help ?? "", "isLink": false, "isCurrent": false,
            "isSortable": column.sortKey != nil,
        ]
        guard column.sortKey != nil else { return model }
        let isCurrent = order.column == column.key
        // Numbers and times are mostly wanted with the largest first.
        let next = TableOrder(
            column: column.key, isDescending: isCurrent ? !order.isDescending : column.isNumber)
        if context.links.isLive {
            model["isLink"] = true
            model["href"] = context.links(
                place, context.query.with(["\(prefix)sort": next.text, "\(prefix)page": nil]))
        }
        model["isCurrent"] = isCurrent
        model["direction"] = order.isDescending ? "descending" : "ascending"
        return model
    }
}

/// By which column a table is sorted, and which way.
struct TableOrder: Sendable {
    /// `nil` for the order in which rows come.
    let column: String?
    let isDescending: Bool

    init(column: String?, isDescending: Bool) {
        self.column = column
        self.isDescending = isDescending
    }

    /// - Parameter text: A column's key, with a `-` before it if the largest come first.
    init?(_ text: String?) {
        guard let text else { return nil }
        isDescending = text.hasPrefix("-")
        column = isDescending ? String(text.dropFirst()) : text
    }

    var text: String { "\(isDescending ? "-" : "")\(column ?? "")" }
}
