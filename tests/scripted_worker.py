"""The process of batch jobs with a generator that is no model.

python -m tests.scripted_worker DELAY FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from summarizer import models
from summarizer.web import worker
from tests.scripted import ScriptedGenerator

if __name__ == "__main__":
    seconds = float(sys.argv[1])
    models.load = lambda name, settings: ScriptedGenerator(delay=seconds)
    worker._EVERY = 0.0  # every page is told
    worker.main(Path(sys.argv[2]))
