import Amphora

/// Which part of many things a page shows, and where the others are.
struct Pager {
    let total: Int
    /// How many are on one page.
    let length: Int
    let pageCount: Int
    /// From 1.
    let page: Int
    /// The lengths that readers can choose from.
    private let choices: [Int]

    /// - Parameters:
    ///   - total: How many things there are.
    ///   - query: Whose `page` counts, and, if there are choices, `rows`.
    ///   - standard: How many are on a page if the question says nothing.
    ///   - choices: Lengths that are offered, ascending; the last is the most that is shown at all.
    init(_ total: Int, _ query: Query, standard: Int, choices: [Int] = []) {
        self.total = total
        self.choices = choices
        let wanted = choices.isEmpty ? nil : query.int("rows")
        length = min(max(wanted ?? standard, 1), choices.last ?? standard)
        pageCount = max(1, (total + length - 1) / length)
        page = min(max(query.int("page") ?? 1, 1), pageCount)
        self.standard = standard
    }

    private let standard: Int

    /// Positions of what is shown.
    var shown: Range<Int> { (page - 1) * length..<min(page * length, total) }

    /// What the template `pager` shows; `nil` where there is nothing to turn.
    func model(at place: Place, _ context: PageContext) -> Model? {
        guard pageCount > 1 || total > choices.first ?? .max else { return nil }
        func link(_ page: Int) -> String {
            context.links(place, context.query.with(["page": page == 1 ? nil : "\(page)"]))
        }
        // The first, the last, and those around this one; a gap where pages are left out.
        let numbers = Set([1, page - 1, page, page + 1, pageCount].filter { (1...pageCount).contains($0) })
            .sorted()
        var model: Model = [
            "first": Format.number(shown.lowerBound + 1), "last": Format.number(shown.upperBound),
            "total": Format.number(total), "hasPages": pageCount > 1, "hasLengths": !choices.isEmpty,
            "pages": zip(numbers, [0] + numbers).map { number, before in
                [
                    "number": Format.number(number), "href": link(number), "isCurrent": number == page,
                    "isAfterGap": number > before + 1,
                ] as Model
            },
            "lengths": choices.map { choice in
                let rows = choice == standard ? nil : "\(choice)"
                return [
                    "number": "\(choice)", "isCurrent": choice == length,
                    "href": context.links(place, context.query.with(["rows": rows, "page": nil])),
                ] as Model
            },
        ]
        if page > 1 { model["previous"] = link(page - 1) }
        if page < pageCount { model["next"] = link(page + 1) }
        return model
    }
}
