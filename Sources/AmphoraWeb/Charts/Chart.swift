import Amphora

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Lines over a common axis, as a picture that is whole without scripts and style sheets.
struct Chart {
    struct Point: Hashable {
        let x: Double
        let y: Double
    }

    struct Series {
        let name: String
        let points: [Point]
        /// Which of the eight colours it has.
        var colour = 0
    }

    let title: String
    let series: [Series]
    /// What `x` counts.
    let axis: String
    /// From where to where `x` goes, if that is more than its own points: charts beside each other have it in common.
    var extent: ClosedRange<Double>?
    /// Whether `y` has a logarithmic scale, if all values allow it.
    var isLogarithmic = false
    /// More points than that on a line are thinned out.
    var pointLimit = 400

    private static let size = (width: 520.0, height: 260.0)
    private static let margin = (left: 56.0, right: 12.0, top: 10.0, bottom: 34.0)

    /// Whether it has a logarithmic scale indeed.
    var usesLogarithm: Bool { isLogarithmic && series.allSatisfy { $0.points.allSatisfy { $0.y > 0 } } }

    /// The picture.
    ///
    /// Colours are classes `s0` to `s7`, with fallbacks for where there is no style sheet.
    var svg: String {
        let points = series.flatMap(\.points)
        let ends = extent.map { [$0.lowerBound, $0.upperBound] } ?? []
        guard !points.isEmpty,
            let x = Scale(
                points.map(\.x) + ends, to: Self.margin.left...(Self.size.width - Self.margin.right)),
            let y = Scale(
                points.map(\.y), to: Self.margin.top...(Self.size.height - Self.margin.bottom),
                isFlipped: true, isRound: true, isLogarithmic: usesLogarithm)
        else { return "" }
        let label = Markup.escape("\(title.escapingControlCharacters()) against \(axis)")
        var svg = """
            <svg class="chart" viewBox="0 0 \(Self.size.width.plain) \(Self.size.height.plain)" role="img" aria-label="\(label)" \
            data-axis="\(axis)" xmlns="http://www.w3.org/2000/svg">
            """
        let (left, right) = (Self.margin.left.plain, (Self.size.width - Self.margin.right).plain)
        let bottom = (Self.size.height - Self.margin.bottom).plain
        let lines = y.ticks.map { "M\(left) \(y.place(of: $0).plain)H\(right)" }.joined()
        svg += """
            <path class="grid" stroke="#8884" d="\(lines)M\(left) \(bottom)H\(right)"/>\
            <g fill="#888" font-size="11" text-anchor="end">
            """
        for tick in y.ticks {
            svg += """
                <text x="\((Self.margin.left - 6).plain)" y="\((y.place(of: tick) + 4).plain)">\(tick.short)</text>
                """
        }
        svg += """
            <text x="\(right)" y="\((Self.size.height - 3).plain)">\(Markup.escape(axis))</text></g>\
            <g fill="#888" font-size="11" text-anchor="middle">
            """
        for tick in x.ticks {
            svg += """
                <text x="\(x.place(of: tick).plain)" y="\((Self.size.height - 16).plain)">\(tick.short)</text>
                """
        }
        svg += "</g>"
        for line in series { svg += drawn(line, x, y) }
        return svg + "</svg>"
    }

    private func drawn(_ line: Series, _ x: Scale, _ y: Scale) -> String {
        let colour = [
            "#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#0891b2", "#65a30d", "#dc2626",
        ][line.colour % 8]
        let shown = Self.thinned(line.points, to: pointLimit)
        let places = shown.map { "\(x.place(of: $0.x).plain),\(y.place(of: $0.y).plain)" }
        let values = shown.map { "\($0.x.short) \($0.y.short)" }.joined(separator: ";")
        let name = Markup.escape(line.name)
        guard places.count > 1 else {
            return places.first.map { place in
                let parts = place.split(separator: ",")
                return """
                    <circle class="s\(line.colour % 8)" fill="\(colour)" cx="\(parts[0])" cy="\(parts[1])" r="3" data-name="\(name)" \
                    data-values="\(values)"/>
                    """
            } ?? ""
        }
        return """
            <polyline class="line s\(line.colour % 8)" fill="none" stroke="\(colour)" stroke-width="1.6" stroke-linejoin="round" \
            points="\(places.joined(separator: " "))" data-name="\(name)" data-values="\(values)"/>
            """
    }

    /// The points that are drawn.
    static func thinned(_ points: [Point], to limit: Int) -> [Point] {
        points.thinned(to: limit, by: \.y)
    }
}

/// Where numbers are on a picture.
private struct Scale {
    private var range: ClosedRange<Double>
    private let places: ClosedRange<Double>
    private let isFlipped: Bool
    private let isLogarithmic: Bool

    /// - Returns: `nil` if there are no values.
    init?(
        _ values: [Double], to places: ClosedRange<Double>, isFlipped: Bool = false, isRound: Bool = false,
        isLogarithmic: Bool = false
    ) {
        let values = isLogarithmic ? values.map { log10($0) } : values
        guard let low = values.min(), let high = values.max() else { return nil }
        // One value alone stands in the middle.
        let slack = low == high ? max(low.magnitude * 0.1, 0.5) : 0
        self.places = places
        self.isFlipped = isFlipped
        self.isLogarithmic = isLogarithmic
        range = (low - slack)...(high + slack)
        if isRound, !isLogarithmic { range = rounded }
    }

    /// The range from a tick below it to one above it, so that no line ends where no number stands.
    private var rounded: ClosedRange<Double> {
        let step = Self.step(range.lowerBound, range.upperBound)
        let low = (range.lowerBound / step).rounded(.down) * step
        let high = (range.upperBound / step).rounded(.up) * step
        return low.isFinite && high.isFinite
            ? min(low, range.lowerBound)...max(high, range.upperBound) : range
    }

    /// About a fifth of the range, and round.
    private static func step(_ low: Double, _ high: Double) -> Double {
        let raw = (high - low) / 5
        let size = pow(10, log10(raw).rounded(.down))
        return [1, 2, 5, 10].map { $0 * size }.first { $0 >= raw * 0.7 } ?? raw
    }

    func place(of value: Double) -> Double {
        let value = isLogarithmic ? log10(value) : value
        let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        let length = places.upperBound - places.lowerBound
        return isFlipped ? places.upperBound - part * length : places.lowerBound + part * length
    }

    /// Round numbers, about five.
    var ticks: [Double] {
        if isLogarithmic, range.upperBound - range.lowerBound >= 1 {
            let step = max(1, ((range.upperBound - range.lowerBound) / 5).rounded(.up))
            return stride(from: range.lowerBound.rounded(.up), through: range.upperBound, by: step).map {
                pow(10, $0)
            }
        }
        // Less than one power of ten has round numbers, too.
        let low = isLogarithmic ? pow(10, range.lowerBound) : range.lowerBound
        let high = isLogarithmic ? pow(10, range.upperBound) : range.upperBound
        let step = Self.step(low, high)
        // Ends that are ticks may be off by the last digit.
        let slack = 1e-6
        let first = (low / step - slack).rounded(.up)
        let count = Int((high / step - first + slack).rounded(.down))
        guard count >= 0 else { return [low] }
        return (0...count).map { (first + Double($0)) * step }
    }
}

extension Double {
    /// With at most one digit after the point, as coordinates need.
    var plain: String {
        let tenths = (self * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
    }
}
