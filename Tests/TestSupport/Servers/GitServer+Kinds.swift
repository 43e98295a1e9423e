import Foundation

extension GitServer {
    static func daemon(_ folder: String, _ port: Int, _ seen: Int) -> Setup {
        Setup(
            arguments: [
                "--reuseaddr", "--listen=127.0.0.1", "--port=\(port)", "--base-path=\(folder)",
                "--export-all",
                "--enable=receive-pack", folder,
            ], address: "git://127.0.0.1:\(seen)")
    }

    static func http(_ folder: String, _ port: Int, _ seen: Int, _ scratch: Scratch) throws -> Setup {
        let users = try scratch.write("users", "\(user):\(password)\n")
        let uploads = scratch("uploads")
        try FileManager.default.createDirectory(atPath: uploads, withIntermediateDirectories: false)
        let configuration = try scratch.write(
            "lighttpd.conf",
            """
            server.modules = ("mod_auth", "mod_authn_file", "mod_alias", "mod_setenv", "mod_cgi")
            server.document-root = "\(folder)"
            server.bind = "127.0.0.1"
            server.port = \(port)
            server.upload-dirs = ("\(uploads)")
            server.stream-response-body = 1
            alias.url = ("/git" => "\(Kind.gitFolder)/git-http-backend")
            cgi.assign = ("" => "")
            setenv.set-environment = (
                "GIT_PROJECT_ROOT" => "\(folder)", "GIT_HTTP_EXPORT_ALL" => "1",
                "GIT_CONFIG_GLOBAL" => "/dev/null", "GIT_CONFIG_SYSTEM" => "/dev/null"
            )
            auth.backend = "plain"
            auth.backend.plain.userfile = "\(users)"
            auth.require = ("" => ("method" => "basic", "realm" => "git", "require" => "valid-user"))

            """)
        let secret = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let credentials = try scratch.write("credentials", "http://\(user):\(secret)@127.0.0.1:\(seen)\n")
        return Setup(
            arguments: ["-D", "-f", configuration], address: "http://127.0.0.1:\(seen)/git",
            environment: [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "credential.helper",
                "GIT_CONFIG_VALUE_0": "store --file='\(credentials)'",
            ])
    }

    static func ssh(_ folder: String, _ port: Int, _ seen: Int, _ scratch: Scratch) throws -> Setup {
        for name in ["host", "client"] {
            let made = try run(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", scratch(name)],
                in: scratch.path)
            guard made.status == 0 else { throw ProgramFailed(description: made.error) }
        }
        // Started by root, it wants this folder, which is the package's otherwise.
        if getuid() == 0 {
            try FileManager.default.createDirectory(
                atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        let configuration = try scratch.write(
            "sshd_config",
            """
            ListenAddress 127.0.0.1:\(port)
            HostKey \(scratch("host"))
            PidFile \(scratch("pid"))
            AuthorizedKeysFile \(scratch("client.pub"))
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            AcceptEnv GIT_PROTOCOL
            SetEnv GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

            """)
        let key = String(decoding: try scratch.read("host.pub"), as: UTF8.self)
        let hosts = try scratch.write("known_hosts", "[127.0.0.1]:\(seen) \(key)")
        return Setup(
            arguments: ["-D", "-e", "-f", configuration],
            address: "ssh://\(NSUserName())@127.0.0.1:\(seen)\(folder)",
            environment: [
                "GIT_SSH_COMMAND":
                    "ssh -F /dev/null -i '\(scratch("client"))' -o IdentitiesOnly=yes -o BatchMode=yes "
                    + "-o UserKnownHostsFile='\(hosts)' -o StrictHostKeyChecking=yes"
            ])
    }
}
