import Testing

/// How someone looks at pages.
struct Look: Sendable, CustomTestStringConvertible {
    var name: String
    var width = 1200
    var height = 800
    var isDark = false
    var isPhone = false
    var hasScripts = true

    static let light = Look(name: "light")
    static let dark = Look(name: "dark", isDark: true)
    static let phone = Look(name: "phone", width: 390, height: 844, isPhone: true)
    static let darkPhone = Look(name: "dark phone", width: 390, height: 844, isDark: true, isPhone: true)
    static let withoutScripts = Look(name: "without scripts", hasScripts: false)

    static let all = [light, dark, phone, darkPhone, withoutScripts]

    var testDescription: String { name }
}
