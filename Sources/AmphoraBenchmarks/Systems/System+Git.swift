/// Systems that keep what is in a work tree: the files are copied into it before the clock runs.
extension System {
    static let git = System(
        name: "git",
        version: "git --version",
        prepare: initialization,
        place: placeInWorkTree,
        put: "cd work && git add data && git commit --quiet --allow-empty --message=v",
        clear: clearWorkTree,
        get: "cd work && exec git checkout --quiet HEAD -- data",
        store: "work/.git",
        result: "work/data")

    static let gitLFS = System(
        name: "git-lfs",
        version: "git lfs version | cut -d' ' -f1",
        prepare: """
            \(initialization)
            cd work
            git lfs install --local
            git lfs track 'data/**'
            git add .gitattributes
            git commit --quiet --message=attributes
            """,
        place: placeInWorkTree,
        put: git.put,
        clear: clearWorkTree,
        get: git.get,
        store: "work/.git",
        result: "work/data")

    static let placeInWorkTree = """
        \(clearWorkTree)
        cp -r "$SOURCE" work/data
        """

    /// Some systems leave folders read-only.
    static let clearWorkTree = """
        if [ -e work/data ]; then chmod -R u+w work/data && rm -rf work/data; fi
        """

    /// Without the cleaning in the background, which would go on while others are measured.
    private static let initialization = """
        git init --quiet work
        git -C work config user.name bench
        git -C work config user.email bench@localhost
        git -C work config gc.auto 0
        """
}
