import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `amphora serve` in a process of its own, and what it costs to ask it.
struct PageServer {
    private let shell: Shell
    private let process: String
    private let address: String

    /// What many requests for one page cost.
    struct Load {
        let requestCount: Int
        let seconds: Double
        /// Milliseconds.
        let median: Double
        let percentile99: Double
        /// Milliseconds of the server's time on all cores, for each request.
        let cpu: Double

        var rate: Double { Double(requestCount) / seconds }
    }

    /// Starts it in a store's folder.
    init(in shell: Shell) throws {
        self.shell = shell
        let output = try shell.run(
            """
            rm -f address
            "$AMPHORA" serve --port 0 > address 2> errors &
            echo $!
            until grep -q http address; do kill -0 $! || { cat errors; exit 1; }; sleep 0.02; done
            cat address
            """
        ).output.split(separator: "\n").map(String.init)
        guard output.count == 2 else { throw Failure("the server says \(output)") }
        process = output[0]
        address = String(output[1].dropLast())
        try shell.run(
            """
            cat > report.lua <<'END'
            done = function(summary, latency)
                local failures = summary.errors.status + summary.errors.timeout + summary.errors.read
                io.write(string.format("result %d %d %d %d %d\\n", summary.requests, summary.duration,
                    latency:percentile(50), latency:percentile(99), failures))
            end
            END
            """)
    }

    func stop() { _ = try? shell.run("kill \(process)") }

    /// Asks once.
    ///
    /// - Returns: The length of the answer in bytes, and milliseconds.
    func ask(_ path: String) throws -> (byteCount: Int, milliseconds: Double) {
        let output = try shell.run(
            "curl -s -f -o answer -w '%{size_download} %{time_total}' '\(address)\(path)'"
        ).output.split(separator: " ")
        guard output.count == 2, let byteCount = Int(output[0]), let seconds = Double(output[1]) else {
            throw Failure("\(path): curl says \(output)")
        }
        return (byteCount, seconds * 1000)
    }

    /// Asks as fast as it answers.
    ///
    /// - Parameters:
    ///   - path: For what.
    ///   - connections: How many ask at once.
    ///   - seconds: For how long.
    ///   - isKnown: Whether those who ask have the answer already.
    ///   - meanwhile: A script that runs again and again until then.
    /// - Returns: What it cost.
    /// - Throws: ``Failure`` if one is not answered.
    func load(
        _ path: String, connections: Int, seconds: Int, isKnown: Bool = false, meanwhile: String? = nil
    ) throws -> Load {
        let before = try cpuSeconds()
        let output =
            try shell.run(
                """
                \(meanwhile.map { "(while :; do \($0); done) > busy.log 2>&1 & busy=$!" } ?? "busy=")
                tag=$(curl -s -o answer -D - '\(address)\(path)' | tr -d '\\r' | sed -n 's/^[Ee][Tt]ag: //p')
                wrk -t \(min(connections, 2)) -c \(connections) -d \(seconds)s --timeout 30s -s report.lua \
                    -H "\(isKnown ? "If-None-Match: $tag" : "Accept: */*")" '\(address)\(path)' | grep result
                [ -z "$busy" ] || kill $busy
                """
            ).output.split(separator: "\n").last ?? ""
        let numbers = output.split(separator: " ").dropFirst().compactMap { Int($0) }
        guard numbers.count == 5, numbers[4] == 0, numbers[0] > 0 else { throw Failure("\(path): \(output)") }
        return Load(
            requestCount: numbers[0], seconds: Double(numbers[1]) / 1_000_000,
            median: Double(numbers[2]) / 1000, percentile99: Double(numbers[3]) / 1000,
            cpu: (try cpuSeconds() - before) * 1000 / Double(numbers[0]))
    }

    /// Resident memory, in bytes.
    func memory() throws -> Int {
        let line = shell.line("sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/\(process)/status")
        guard let line, let kibibytes = Int(line) else { throw Failure("the server has ended") }
        return kibibytes << 10
    }

    /// proc(5), `/proc/PID/stat`.
    private func cpuSeconds() throws -> Double {
        let fields = shell.line("cat /proc/\(process)/stat")?.split(separator: ")").last?.split(
            separator: " ")
        guard let fields, fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            throw Failure("the server has ended")
        }
        return Double(user + system) / Double(sysconf(CInt(_SC_CLK_TCK)))
    }
}
