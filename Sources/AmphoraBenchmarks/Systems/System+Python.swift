/// Systems that are Python packages: their start is part of what a user waits for.
extension System {
    static let dvc = System(
        name: "dvc",
        version: #""$PYTHON" -m dvc --version"#,
        prepare: """
            mkdir work
            cd work
            "$PYTHON" -m dvc init --no-scm --quiet
            "$PYTHON" -m dvc config core.analytics false
            "$PYTHON" -m dvc config core.site_cache_dir "$HOME/site"
            """,
        place: placeInWorkTree,
        put: #"cd work && exec "$PYTHON" -m dvc add --quiet data"#,
        clear: clearWorkTree,
        get: #"cd work && exec "$PYTHON" -m dvc checkout --quiet"#,
        store: "work/.dvc",
        result: "work/data")

    /// There is no way back to the files without its server.
    static let wandb = System(
        name: "wandb",
        version: #"exec "$PYTHON" -c 'import wandb; print(wandb.__version__)'"#,
        put: """
            exec "$PYTHON" - <<'END'
            import os, wandb
            run = wandb.init(project='bench', mode='offline')
            artifact = wandb.Artifact('data', 'dataset')
            artifact.add_dir(os.environ['SOURCE'])
            run.log_artifact(artifact)
            run.finish()
            END
            """,
        store: ".",
        variables: ["WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false"])

    static let oxen = System(
        name: "oxen",
        version:
            #"exec "$PYTHON" -c 'import importlib.metadata, oxen; print(importlib.metadata.version("oxenai"))'"#,
        prepare: """
            mkdir work
            exec "$PYTHON" -c 'import oxen; oxen.user.config_user("bench", "bench@localhost"); oxen.Repo("work").init()'
            """,
        place: placeInWorkTree,
        put: """
            cd work
            exec "$PYTHON" - <<'END'
            import oxen
            repo = oxen.Repo('.')
            repo.add('data')
            try:
                repo.commit('v')
            except ValueError:
                pass  # Nothing has changed.
            END
            """,
        clear: clearWorkTree,
        get: #"cd work && exec "$PYTHON" -c 'import oxen; oxen.Repo(".").restore("data")'"#,
        store: "work/.oxen",
        result: "work/data")
}
