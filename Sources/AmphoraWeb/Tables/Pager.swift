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
    private let standard: Int
    /// Before `page` and `rows` in the question.
    private let prefix: String

    /// - Parameters:
    ///   - total: How many things there are.
    ///   - query: Whose `page` counts, and, if there are choices, `rows`.
    ///   - prefix: What stands before their names in the question.
    ///   - standard: How many are on a page if the question says nothing.
    ///   - choices: Lengths that are offered, ascending; the last is the most that is shown at all.
    /// - Throws: ``Problem`` if the question has something else than numbers. After the last page comes the last.
    init(_ total: Int, _ query: Query, prefix: String = "", standard: Int, choices: [Int] = [])
        throws(Problem)
    {
        self.total = total
        self.choices = choices
        self.standard = standard
        self.prefix = prefix
        let wanted =
            choices.isEmpty ? nil : try query.number("\(prefix)rows", in: 1...choices[choices.count - 1])
        length = wanted ?? standard
        pageCount = max(1, (total + length - 1) / length)
        page = min(try query.number("\(prefix)page", in: 1...Int.max) ?? 1, pageCount)
    }

    /// Positions of what is shown.
    var shown: Range<Int> { (page - 1) * length..<min(page * length, total) }

    /// What the template `pager` shows; `nil` where there is nothing to turn.
    func model(at place: Place, _ context: PageContext) -> Model? {
        guard pageCount > 1 || total > choices.first ?? .max else { return nil }
        func link(_ page: Int) -> String {
            context.links(place, context.query.with(["\(prefix)page": page == 1 ? nil : "\(page)"]))
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
                    "href": context.links(
                        place, context.query.with(["\(prefix)rows": rows, "\(prefix)page": nil])),
                ] as Model
            },
        ]
        if page > 1 { model["previous"] = link(page - 1) }
        if page < pageCount { model["next"] = link(page + 1) }
        return model
    }
}
