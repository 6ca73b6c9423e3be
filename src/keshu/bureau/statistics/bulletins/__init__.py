"""Bulletins of a superior: a matrix of places by indicators, with growth, ranks and averages."""
