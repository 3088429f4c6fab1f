"""python app.py: the app for a browser, on this machine. The same as `summarizer app`."""

from __future__ import annotations

import sys

from summarizer.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "app")
    main()
