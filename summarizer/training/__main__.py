"""The steps that make the bundled model, one command each; see `summarizer.training`."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import click

from summarizer.errors import SummarizerError
from summarizer.models.bundled import FOLDER

FOLDER_IN = click.Path(exists=True, file_okay=False, path_type=Path)
FOLDER_OUT = click.Path(file_okay=False, path_type=Path)
data_folder = click.argument("data", type=FOLDER_IN)
work_folder = click.argument("work", type=FOLDER_OUT)
out_folder = click.option("--out", type=FOLDER_OUT, default=FOLDER, help="Folder of the model.")


class Steps(click.Group):
    """Shows a SummarizerError as one line."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except SummarizerError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Steps)
def main() -> None:
    """Make the bundled model: prepare, train, export, ranker, chooser, in this order.

    DATA holds titles.train.*.jsonl.gz and titles.dev.*.jsonl.gz (rows with id, title, body);
    WORK takes tokens and checkpoints.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")


@main.command()
@data_folder
@work_folder
def prepare(data: Path, work: Path) -> None:
    """Clean the pairs, learn the vocabulary, write tokens and labels (2 minutes)."""
    from summarizer.training import prepare as step

    step.prepare(data, work)


@main.command()
@work_folder
@click.option("--steps", type=int, help="Batches in all; may be changed between stops.")
@click.option("--seed", type=int, help="Of weights and row order.")
@click.option("--no-copy", is_flag=True, help="A plain T5 without the copy head (the ablation).")
def train(work: Path, steps: int | None, seed: int | None, no_copy: bool) -> None:
    """Train the model; stop it at any time, the same command goes on."""
    from summarizer.training import train as step

    usual = step.Recipe()
    seed = usual.seed if seed is None else seed
    step.train(work, replace(usual, steps=steps or usual.steps, seed=seed, copy_head=not no_copy))


@main.command()
@work_folder
@out_folder
def export(work: Path, out: Path) -> None:
    """Write the last checkpoint as a model folder in half precision."""
    from summarizer.training import export as step

    step.export(work, out)


@main.command()
@data_folder
@out_folder
def ranker(data: Path, out: Path) -> None:
    """Train the clause ranker and its bigram tables (2 minutes)."""
    from summarizer.training import ranker as step

    step.train_ranker(data, out)


@main.command()
@data_folder
@out_folder
def chooser(data: Path, out: Path) -> None:
    """Train the chooser on candidates for held-out articles (10 minutes)."""
    from summarizer.training import chooser as step

    step.train_chooser(data, out)


if __name__ == "__main__":
    main(prog_name="python -m summarizer.training")
