import Amphora
import HTTPTypes

extension Page {
    /// Why there is nothing, and what to do.
    static func failure(_ problem: Problem) -> Page {
        Page(
            title: problem.status.reasonPhrase, template: .failure,
            model: [
                "status": "\(problem.status.code)", "message": problem.message.escapingControlCharacters(),
                "hint": problem.hint?.escapingControlCharacters() ?? "",
            ])
    }
}
