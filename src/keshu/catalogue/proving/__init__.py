"""Checks of meaning, one module per kind."""
