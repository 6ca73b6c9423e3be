"""云岭市: a fictional city with all the years of its records, made by a seeded generator. Nothing in it exists."""
