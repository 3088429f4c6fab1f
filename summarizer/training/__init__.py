"""How the bundled models are made, step by step, from data to model card.

    python -m summarizer.training prepare  DATA WORK   pairs -> vocabulary, tokens, keep/delete labels
    python -m summarizer.training passages DATA WORK   news -> passages with a gap
    python -m summarizer.training pretrain WORK        -> checkpoints (resumes by itself)
    python -m summarizer.training train    WORK        -> checkpoints (resumes by itself)
    python -m summarizer.training export   WORK        -> summarizer/models/bundled/
    python -m summarizer.training ranker   DATA        -> the clause ranker
    python -m summarizer.training chooser  DATA        -> the chooser among candidates

Scores come from `python -m eval.headlines`. Every experiment is logged in LOG.md here.
"""
