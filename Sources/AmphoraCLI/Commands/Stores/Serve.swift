import Amphora
import AmphoraWeb
import ArgumentParser

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the store in a browser",
        discussion: """
            Serves pages of artifacts and runs until Ctrl-C; they follow what other processes log. What is under \
            way is then finished, for up to 5 s; a second Ctrl-C ends at once. Nobody but this machine can \
            connect. With --host others can, who need the token in the address that is shown.

            Examples:
              amphora serve
              amphora serve --port 0
              amphora serve --host 0.0.0.0
            """)

    @Option(help: ArgumentHelp("Listen on this address or name", valueName: "address"))
    var host: String?

    @Option(
        help: ArgumentHelp("Listen on this port (default: 8470; 0: one that is free)", valueName: "number"))
    var port: Int?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let port, !(0...65535).contains(port) {
            throw ValidationError("--port is a number from 0 to 65535")
        }
        if host?.isEmpty == true { throw ValidationError("--host is an address or name of this machine") }
    }

    func run() async throws {
        let store = try global.openStore()
        // A page brings nothing here by itself: it tells the command that does.
        store.contentSource = nil
        var configuration = WebServer.Configuration()
        if let port { configuration.port = port }
        if let host {
            configuration.host = host
            if !WebServer.isLoopback(host) { configuration.token = WebServer.makeToken() }
        }
        let output = global.output
        let isPublic = configuration.token != nil
        let server = try WebServer(store, try Project(of: store), configuration)
        let (signals, continuation) = AsyncStream<Void>.makeStream()
        Interruption.first { continuation.finish() }
        let serving = Task {
            try await server.run { address in
                try? output.write(["address": .string(address)], text: address)
                guard isPublic else { return }
                output.notice(
                    "Whoever has this address can read all of the store. There is no TLS: the network between "
                        + "can read along, the token too.")
            }
        }
        Task {
            for await _ in signals {}
            serving.cancel()
        }
        try await serving.value
    }
}
