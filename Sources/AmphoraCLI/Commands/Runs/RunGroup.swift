import ArgumentParser

struct RunGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Record runs: run a command as one, or step by step",
        discussion: """
            Examples:
              amphora run --job-type train -- python train.py
              export AMPHORA_RUN=$(amphora run start --job-type train)
              amphora run log --step 1 train/loss=0.31
              amphora run finish
            """,
        subcommands: [
            RunExecute.self, RunStart.self, RunLog.self, RunSummary.self, RunFinish.self, RunList.self,
            RunShow.self,
        ],
        defaultSubcommand: RunExecute.self)
}
