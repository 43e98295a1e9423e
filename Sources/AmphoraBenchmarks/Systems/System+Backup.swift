/// Backup programs that keep content-defined chunks.
extension System {
    static let restic = System(
        name: "restic",
        version: "restic version | cut -d' ' -f1,2",
        prepare: "restic init --quiet --repo store",
        put:
            #"scratch=$PWD && cd "$SOURCE" && exec restic --quiet --no-cache --repo "$scratch/store" backup ."#,
        get: "exec restic --quiet --no-cache --repo store restore latest --target out",
        variables: ["RESTIC_PASSWORD": "bench", "RESTIC_FROM_PASSWORD": "bench"])

    static let borg = System(
        name: "borg",
        version: "borg --version",
        prepare: "borg init --encryption none store",
        put: #"scratch=$PWD && cd "$SOURCE" && exec borg create "$scratch/store::v$VERSION-$ATTEMPT" ."#,
        get: #"mkdir -p out && cd out && exec borg extract ../store::v2-1"#,
        variables: [
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
        ])
}
