/// What the machine can do at the moment: disks and neighbours make the same program fast and slow.
extension System {
    /// The least that a store has to do with its disk.
    static let copy = System(
        name: "cp -r",
        role: .yardstick,
        version: "cp --version || echo cp",
        prepare: "mkdir store",
        put: #"exec cp -r "$SOURCE" "store/v$VERSION""#,
        get: #"exec cp -r store/v2 out"#,
        hasAgain: false)

    /// The least that a git has to do with its processor, on one core.
    static let checksum = System(
        name: "openssl sha1",
        role: .yardstick,
        version: "openssl version | cut -d' ' -f1,2",
        prepare: "mkdir store",
        put: #"exec find "$SOURCE" -type f -exec openssl dgst -sha1 {} +"#,
        hasAgain: false)
}
