"""python -m eval: run tasks, compare two runs, report any number of them.

python -m eval run headlines --model bundled
python -m eval run all --model seq2seq:/models/randeng --out runs/randeng.json
python -m eval run headlines --data our_titles.csv
python -m eval compare runs/bundled.json runs/randeng.json
python -m eval report runs/*.json --out report.html
"""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from pathlib import Path

import click

from eval.systems import SYSTEMS
from eval.tasks import TASKS
from summarizer.errors import EXIT_DONE, EXIT_SET_ASIDE, SummarizerError

EXIT_WORSE = 1
"""`compare` found a guarded metric significantly worse."""
_CODES = (
    "Exit codes: 0 done, 1 an error or (compare) a guarded metric is significantly worse, 2 wrong usage, "
    "3 done, but the system failed on some items."
)
_FILE = click.Path(path_type=Path, dir_okay=False)
_PLACE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_CODES)
def cli() -> None:
    """How good is a model, on hand-written pages or on your own data?"""


@cli.command(epilog=_CODES)
@click.argument("tasks", nargs=-1, required=True, metavar="TASK...")
@click.option("--model", default="bundled", show_default=True, help="A model or baseline; see 'eval list'.")
@click.option("--data", type=_PLACE, help="Gold data of your own: pages (.json, folder), .jsonl[.gz], .csv.")
@click.option("--out", type=_FILE, help="The run's file; default runs/MODEL.json. The same command goes on.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="N items a task only: not a result.")
@click.option("--words", is_flag=True, help="ROUGE on jieba's words instead of characters.")
@click.option(
    "--bertscore", type=_PLACE, metavar="FOLDER", help="BERTScore by a model folder; needs bert-score."
)
@click.option(
    "--judge", metavar="NAME", help="A chat model compares outputs with references, in both orders."
)
@click.option("--beams", type=click.IntRange(min=1), help="Candidates asked of the model for each text.")
@click.option("--seed", type=int, help="Of sampling models.")
@click.option("--reranker", metavar="NAME", help="Reads what the search found again: bundled, or a folder.")
def run(
    tasks: tuple[str, ...], model: str, data: Path | None, out: Path | None, limit: int | None, words: bool,
    beams: int | None, seed: int | None, reranker: str | None, bertscore: Path | None, judge: str | None,
) -> int:  # fmt: skip
    """Do TASKs (or all) with a model and keep every output and score."""
    from eval.data import load_gold
    from eval.runner import Plan, execute
    from eval.showing import print_run, progress
    from eval.tasks.opinions import load_opinions
    from eval.tasks.subject import Subject
    from summarizer.config import load_settings

    typed = {"beams": beams, "seed": seed, "reranker": reranker}
    settings = load_settings({name: value for name, value in typed.items() if value is not None})
    names = tuple(TASKS) if "all" in tasks else tuple(dict.fromkeys(tasks))
    said = {
        "words": words, "beams": settings.beams, "reranker": settings.reranker,
        "bertscore": bertscore.name if bertscore else None, "judge": judge,
    }  # fmt: skip
    path = out or Path("runs") / f"{re.sub('[^0-9A-Za-z._-]+', '-', model).strip('-')}.json"
    with tempfile.TemporaryDirectory(prefix="eval-") as work:
        opinions = load_opinions(bertscore, judge, settings)
        subject = Subject(model, load_gold(data), settings, Path(work), words=words, opinions=opinions)
        with progress() as told:
            done = execute(Plan(names, limit, said, every="all" in tasks), subject, path, told)
    print_run(done)
    left = [name for name in names if name not in {task.task for task in done.tasks}]
    if left:
        click.echo(f"left out, nothing to ask of {model} here: {', '.join(left)}", err=True)
    click.echo(f"{path}", err=True)
    return EXIT_SET_ASIDE if any(task.failures for task in done.tasks) else EXIT_DONE


@cli.command(epilog=_CODES)
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one difference a line.")
def compare(first: Path, second: Path, as_json: bool) -> int:
    """Is SECOND better or worse than FIRST, item by item?"""
    from eval import compare as comparing
    from eval import showing
    from eval.store import load_run

    found = comparing.compare(load_run(first), load_run(second))
    if as_json:
        sys.stdout.writelines(showing.comparison_rows(found))
    else:
        showing.print_comparisons(found)
    return EXIT_WORSE if any(one.regressions for one in found) else EXIT_DONE


@cli.command(epilog=_CODES)
@click.argument("runs", type=_FILE, nargs=-1, required=True, metavar="RUN...")
@click.option("--out", type=_FILE, default="report.html", show_default=True, help=".html or .md")
def report(runs: tuple[Path, ...], out: Path) -> int:
    """One file with tables, plots and outputs side by side; it asks nothing of the network."""
    from eval.report import write_report
    from eval.store import load_run

    write_report([load_run(path) for path in runs], out)
    click.echo(f"{out}", err=True)
    return EXIT_DONE


@cli.command("list")
def list_names() -> int:
    """The tasks, and the names that --model knows beside models."""
    click.echo("tasks:   " + " ".join(TASKS))
    click.echo("systems: bundled extractive " + " ".join(SYSTEMS))
    click.echo("models:  seq2seq:FOLDER chat:FOLDER server:MODEL@URL, or a folder or Hugging Face name")
    return EXIT_DONE


def main() -> int:
    """The exit code; see `_CODES`."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return int(cli.main(prog_name="python -m eval", standalone_mode=False) or EXIT_DONE)
    except SummarizerError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: what is done is kept, the same command goes on.", err=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
