"""Pure functions from an output, and what is right, to a number; 100 is the most there is.

    scores, marks = headline_scores("柳湾小麦收割完毕", ["柳湾县小麦收完"], body, limit=30)

rouge.py, overlap.py, lengths.py, support.py, ranking.py and answers.py count; declared.py names every number
once, as the tasks report it, and optional.py holds what needs a further model.
"""

from eval.metrics.rouge import DECLARED, Rouge, rouge

__all__ = ["DECLARED", "Rouge", "rouge"]
