#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a file descriptor leads to.
enum Terminal {
    static func isTerminal(_ fileDescriptor: Int32) -> Bool { isatty(fileDescriptor) == 1 }

    /// Asks how wide the terminal is.
    ///
    /// - Parameters:
    ///   - fileDescriptor: What is written to.
    ///   - columns: The value of `COLUMNS` in the environment: it goes before what the terminal says, as in
    ///     git, and 80 is taken if neither says anything.
    /// - Returns: Its number of columns, or `nil` if `fileDescriptor` is no terminal.
    static func width(of fileDescriptor: Int32, columns: String?) -> Int? {
        guard isTerminal(fileDescriptor) else { return nil }
        if let columns = columns.flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes text at once, for messages whose loss is no harm: errors are ignored.
    static func write(_ text: String, to fileDescriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { writeBytes(fileDescriptor, $0) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// `write(2)`, which `Terminal.write` hides from its own body.
private func writeBytes(_ fileDescriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(fileDescriptor, bytes.baseAddress, bytes.count)
}
