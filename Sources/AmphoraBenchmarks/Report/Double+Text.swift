extension Double {
    /// Two decimals below 10, one below 100, then none: `0.31`, `47.0`, `166`.
    var text: String {
        if magnitude < 9.995 { return text(decimals: 2) }
        return text(decimals: magnitude < 99.95 ? 1 : 0)
    }

    func text(decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((magnitude * Double(scale)).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return
            "\(sign)\(scaled / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
    }
}
