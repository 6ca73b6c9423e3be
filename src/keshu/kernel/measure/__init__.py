"""Periods, presence and the arithmetic of figures."""
