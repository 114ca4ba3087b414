"""The subcommands of `lae`, a module each, loaded only when called."""
