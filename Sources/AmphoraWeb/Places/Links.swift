/// How pages name each other's addresses.
enum Links: Sendable {
    /// A server answers.
    case live
    /// Files lie in folders: addresses are relative to this one, and name the file, so that a double click will do. What is
    /// named goes onto the site's map.
    case files(from: SiteFile, SiteMap)

    /// The address of a place.
    ///
    /// - Parameters:
    ///   - place: What it leads to.
    ///   - query: What is asked there. Files answer nothing, but long tables have parts.
    /// - Returns: An address for HTML; empty if it is a place that files cannot show.
    func callAsFunction(_ place: Place, _ query: Query = Query()) -> String {
        switch self {
        case .live: return place.path + query.text
        case .files(let origin, let map):
            guard place.isStatic else { return "" }
            let file = SiteFile(place: place, part: query.int("page") ?? 1)
            map.want(file)
            return file.address(from: origin)
        }
    }

    /// What a static site has room for; `nil` where a server answers.
    var limits: StaticSite.Limits? {
        if case .files(_, let map) = self { map.limits } else { nil }
    }

    var isLive: Bool { limits == nil }
}
