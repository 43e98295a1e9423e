/// Systems that bring versions to another machine.
extension System {
    static let allExchanging: [System] = [
        gitOfStore, amphoraByFolder, amphoraByURL, gitByURL, gitLFSByFolder, dvcByFolder, resticByFolder,
    ]

    /// Git with amphora's own store: what the same objects cost it.
    static let gitOfStore: System = amphora.exchanging(
        "git, same store", role: .yardstick, version: git.version,
        Exchange(
            connect: #""$AMPHORA" init --bare remote"#,
            push:
                #"exec git -C .amphora push --quiet "$WIRE$PWD/remote" 'refs/tags/*:refs/tags/*' '+refs/heads/*:refs/heads/*'"#,
            clone: #"exec git clone --quiet --mirror "$WIRE$PWD/remote" second"#,
            fetch: "exec git -C second fetch --quiet",
            check:
                #""$AMPHORA" clone --full second third && cd third && exec "$AMPHORA" get data --to ../out"#,
            hasWire: true))

    static let amphoraByFolder: System = amphora.exchanging(
        "amphora, folder", role: .subject, version: namedVersion, amphoraExchange(with: #""$PWD/remote""#))

    static let amphoraByURL: System = amphora.exchanging(
        "amphora, URL", role: .subject, version: namedVersion,
        amphoraExchange(with: #""$WIRE$PWD/remote""#, hasWire: true))

    static let gitByURL: System = git.exchanging(
        "git",
        Exchange(
            connect: """
                git init --quiet --bare remote
                git -C remote config gc.auto 0
                git -C work remote add origin "$WIRE$PWD/remote"
                """,
            push: "exec git -C work push --quiet origin HEAD:main",
            clone: #"exec git clone --quiet --no-checkout --branch main "$WIRE$PWD/remote" second"#,
            fetch: "exec git -C second fetch --quiet",
            check: "exec git -C second checkout --quiet origin/main",
            hasWire: true),
        result: "second/data")

    /// By its own agent for folders, which it takes for `file://` alone.
    static let gitLFSByFolder: System = gitLFS.exchanging(
        "git-lfs",
        Exchange(
            connect: """
                git init --quiet --bare remote
                git -C remote config gc.auto 0
                git -C work remote add origin "file://$PWD/remote"
                """,
            push: "exec git -C work push --quiet origin HEAD:main",
            clone: """
                git clone --quiet --no-checkout --branch main "file://$PWD/remote" second
                exec git -C second lfs fetch origin origin/main
                """,
            fetch: "git -C second fetch --quiet && exec git -C second lfs fetch origin origin/main",
            check: "cd second && git lfs install --local && exec git checkout --quiet origin/main"),
        result: "second/data")

    /// What git would carry, the file that names the content, is copied.
    static let dvcByFolder: System = dvc.exchanging(
        "dvc",
        Exchange(
            connect: """
                (cd second && "$PYTHON" -m dvc init --no-scm --quiet)
                cp work/.dvc/config second/.dvc/config
                for place in work second; do
                    (cd $place && "$PYTHON" -m dvc remote add --default --quiet origin ../remote)
                done
                """,
            push: #"cd work && exec "$PYTHON" -m dvc push --quiet"#,
            clone: #"cp work/data.dvc second && cd second && exec "$PYTHON" -m dvc fetch --quiet"#,
            fetch: #"cp work/data.dvc second && cd second && exec "$PYTHON" -m dvc fetch --quiet"#,
            check: #"cd second && exec "$PYTHON" -m dvc checkout --quiet"#),
        result: "second/data")

    static let resticByFolder: System = restic.exchanging(
        "restic",
        Exchange(
            connect: """
                for place in remote second; do
                    restic init --quiet --repo $place --from-repo store --copy-chunker-params
                done
                """,
            push: "exec restic --quiet --no-cache --repo remote copy --from-repo store",
            clone: "exec restic --quiet --no-cache --repo second copy --from-repo remote",
            fetch: "exec restic --quiet --no-cache --repo second copy --from-repo remote",
            check: "exec restic --quiet --no-cache --repo second restore latest --target out"))

    private static let namedVersion = #"echo "amphora $("$AMPHORA" --version)""#

    private static func amphoraExchange(with remote: String, hasWire: Bool = false) -> Exchange {
        Exchange(
            connect: #""$AMPHORA" init --bare remote && "$AMPHORA" remote add origin \#(remote)"#,
            push: #"exec "$AMPHORA" push"#,
            clone: #"exec "$AMPHORA" clone --full \#(remote) second"#,
            fetch: #"cd second && exec "$AMPHORA" pull data"#,
            check: #"cd second && exec "$AMPHORA" get data --offline --to ../out"#,
            hasWire: hasWire)
    }

    /// The same with a remote.
    private func exchanging(
        _ name: String, role: Role = .peer, version: String? = nil, _ exchange: Exchange,
        result: String = "out"
    ) -> System {
        System(
            name: name, role: role, version: version ?? self.version, prepare: prepare, place: place,
            put: put,
            exchange: exchange, result: result, variables: variables)
    }
}
