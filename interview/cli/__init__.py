"""The `candor` command: one file per subcommand."""
