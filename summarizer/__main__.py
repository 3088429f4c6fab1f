"""`python -m summarizer`: the same program as `summarizer`."""

from __future__ import annotations

from summarizer.cli import main

if __name__ == "__main__":
    main()
