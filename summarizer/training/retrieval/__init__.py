"""How the bundled encoder and the learnt ranking are made.

python -m summarizer.training encoder DATA WORK     vocabulary, pairs, one contrastive run
python -m summarizer.training ranking DATA WORK     a library of the news, its hits, the ranker
"""
