"""The subcommands of `keshu`, one module for a noun; each adds its arguments and answers with JSON-able data."""
