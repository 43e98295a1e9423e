/// What the measurements were made on.
struct Machine: Codable, Equatable {
    let coreCount: Int
    let processor: String
    let kernel: String
    /// Of the scratch folder.
    let fileSystem: String
    /// What each system says of its version.
    var versions: [String: String] = [:]

    /// - Parameters:
    ///   - folder: The scratch folder.
    ///   - coreCount: Cores that can be used.
    init(folder: String, coreCount: Int) {
        let shell = Shell(folder: folder, variables: [:])
        self.coreCount = coreCount
        processor =
            shell.line("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | grep .")
            ?? shell.line("sysctl -n machdep.cpu.brand_string") ?? "unknown"
        kernel = shell.line("uname -sr") ?? "unknown"
        fileSystem =
            shell.line("df --output=fstype,source . | tail -n 1 | sed 's/  */ on /'")
            ?? shell.line("df . | tail -n 1 | cut -d' ' -f1") ?? "unknown"
    }

    /// All of them, each once; most programs name themselves.
    var versionText: String {
        let texts = versions.map { name, version in
            version.first?.isNumber == true ? "\(name) \(version)" : version
        }
        return Set(texts).sorted { $0.lowercased() < $1.lowercased() }.joined(separator: ", ")
    }
}
