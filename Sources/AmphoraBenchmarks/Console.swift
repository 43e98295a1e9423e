import SystemPackage

/// Standard output, unbuffered: a benchmark of minutes tells what it does as it goes.
enum Console {
    static func write(_ text: String) { _ = try? FileDescriptor.standardOutput.writeAll(text.utf8) }
}
