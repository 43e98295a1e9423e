import Amphora
import AmphoraSync
import ArgumentParser

struct RemoteGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote", abstract: "Name other stores to exchange versions and runs with",
        subcommands: [RemoteAdd.self, RemoteList.self, RemoteRemove.self, RemoteRename.self])
}

struct RemoteAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Remember another store under a name",
        discussion: """
            The address is a folder (a store, a project with one in it, or a bare git repository), or what git takes: \
            https://…, ssh://…, user@host:path, git://…, file://…

            Examples:
              amphora remote add origin /mnt/team/digits.git
              amphora remote add origin me@host:digits.git
            """)

    @Argument(help: "What to call it, for example origin")
    var name: String

    @Argument(help: "Where it is")
    var address: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let remote = try global.openStore().addRemote(name, at: address, through: .ofProcess)
        try global.output.write(remote.json, text: "\(remote.name) → \(remote.address)")
    }
}

struct RemoteList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List the remotes")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let remotes = try global.openStore().remotes(through: .ofProcess)
        var table = TextTable([.init("NAME"), .init("ADDRESS", mayShrink: true)])
        for remote in remotes { table.append([remote.name, "\(remote.address)"]) }
        try global.output.write(
            remotes.map(\.json), table: table, ifEmpty: "No remotes yet: `amphora remote add` names one.")
    }
}

struct RemoteRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Forget a remote; what came from it stays")

    @Argument(help: "The remote's name")
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.openStore().removeRemote(name)
        try global.output.write(["removed": .string(name)], text: "Removed \(name)")
    }
}

struct RemoteRename: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Give a remote another name")

    @Argument(help: "The remote's name")
    var name: String

    @Argument(help: "Its new name")
    var newName: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.openStore().renameRemote(name, to: newName)
        try global.output.write(
            ["remote": .string(newName), "previous": .string(name)], text: "\(name) → \(newName)")
    }
}

extension Remote {
    fileprivate var json: JSONValue { ["remote": .string(name), "address": .string("\(address)")] }
}
