"""A question becomes an answer with its evidence, or an honest refusal."""
