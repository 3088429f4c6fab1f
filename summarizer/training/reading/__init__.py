"""How the bundled reader is made: questions from news by cloze, questions people asked, one training run.

python -m summarizer.training reader-rows DATA WORK     questions, windows, tokens
python -m summarizer.training reader WORK --encoder H   train; stops and resumes anywhere
python -m summarizer.training reader-export WORK        weights into the package
python -m summarizer.training reader-order DATA WORK    which of its spans to prefer (WORK of the ranking)
"""
