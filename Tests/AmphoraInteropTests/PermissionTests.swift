import TestSupport
import Testing

@Suite("What may not be read or written")
struct PermissionTests {
    /// Runs a script as somebody to whom permissions mean something, in a project that is theirs.
    private func script(_ text: String) throws -> (project: Project, result: ProgramResult) {
        let project = try Project()
        let result = try project.script(
            """
            cp "\(Project.program)" program && chmod 755 program
            mkdir in out && echo 1 >in/a && mkdir in/locked && echo 2 >in/locked/b
            if [ "$(id -u)" = 0 ]; then chown -R nobody . && as='setpriv --reuid=nobody --clear-groups'; fi
            \(text)
            status=$?
            chmod -R u+rwx in out
            exit $status
            """)
        return (project, result)
    }

    @Test(
        "A file or folder that may not be read is an error that names it, and nothing is logged",
        arguments: ["in/a", "in/locked"])
    func reading(path: String) throws {
        let (project, result) = try script(
            """
            chmod 000 \(path)
            $as ./program put in --name data --type t; failed=$?
            $as git --git-dir .amphora for-each-ref refs/tags refs/notes >refs
            (exit $failed)
            """)
        #expect(result.status == 15)
        #expect(result.error.contains("'\(path)': Permission denied\nhint: "))
        #expect(try project.scratch.read("refs").isEmpty)
    }

    @Test("A folder that may not be written is an error that names it")
    func writing() throws {
        let (_, result) = try script(
            "$as ./program put in --name data --type t -q && chmod 555 out && $as ./program get data --to out/deep"
        )
        #expect(result.status == 15)
        #expect(result.error.contains("/out/deep': Permission denied\nhint: "))
    }

    @Test(
        "A remote that may not be written, or read, is an error that says so",
        arguments: [
            (
                "", "cannot write to the repository '$/ro.git': Permission denied",
                "cannot look into '$/locked.git': Permission denied"
            ),
            (
                "file://", "'file://$/ro.git' does not let us write",
                "cannot look into '$/locked.git': Permission denied"
            ),
        ])
    func remotes(scheme: String, notWritable: String, notReadable: String) throws {
        let (project, result) = try script(
            """
            $as ./program put in/a --name data --type t -q
            for name in ro locked; do
                $as git init -q --bare $name.git && $as ./program remote add $name "\(scheme)$PWD/$name.git" -q
            done
            chmod -R a-w ro.git && chmod 000 locked.git
            $as ./program push --remote ro; first=$?
            $as ./program push --remote locked; second=$?
            chmod -R u+rwx ro.git locked.git
            (exit $((first == second ? first : 1)))
            """)
        #expect(result.status == 15)
        for message in [notWritable, notReadable] {
            let line = "caused by: \(message.replacing("$", with: project.folder))"
            #expect(result.error.contains(line), "\(result.error)")
        }
        #expect(result.error.split(separator: "\nhint: ").count == 3)
    }

    @Test("A store that may not be read is not said to be none")
    func store() throws {
        let (project, result) = try script(
            "chmod 000 .amphora; $as ./program ls; status=$?; chmod 700 .amphora; (exit $status)")
        #expect(result.status == 15)
        #expect(
            result.error.hasPrefix(
                """
                error: cannot open the store '\(project.store)'
                caused by: cannot look into '\(project.store)': Permission denied
                hint: 
                """))
    }
}
