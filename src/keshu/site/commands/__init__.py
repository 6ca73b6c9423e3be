"""The subcommands of `keshu`, one module for a noun; each registers its own arguments and answers with JSON-able data."""
