"""The forms in which one figure can be said, each with the lineage of the figures that it is made of."""
