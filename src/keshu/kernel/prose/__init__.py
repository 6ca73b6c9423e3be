"""Chinese figures in text: writing them, and reading them back."""
