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
}
