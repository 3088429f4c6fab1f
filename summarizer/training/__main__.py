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
    """Make the bundled models, each in this order.

    \b
    headlines   prepare, passages, pretrain, train, export, ranker, verbs, chooser
    search      encoder, ranking
    answers     reader-rows, reader, reader-export, reader-order and gate (with the WORK of ranking)
    your own    finetune ROWS OUT: the headlines of a newsroom, from the model in the package

    DATA holds titles.train.*.jsonl.gz and titles.dev.*.jsonl.gz (rows with id, title, body),
    corpus.*.jsonl.gz (id, text) and qa.train.*.jsonl.gz (question, context, answers);
    WORK takes tokens and checkpoints.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")


@main.command()
@data_folder
@work_folder
@click.option("--onward", is_flag=True, help="In the vocabulary of the model in the package.")
def prepare(data: Path, work: Path, onward: bool) -> None:
    """Clean the pairs, learn the vocabulary, write tokens and labels (2 minutes)."""
    from summarizer.training import prepare as step

    step.prepare(data, work, onward=onward)


@main.command()
@data_folder
@work_folder
def passages(data: Path, work: Path) -> None:
    """Write passages of the news with a clause taken out of each (5 minutes)."""
    from summarizer.training import passages as step

    step.prepare_passages(data, work)


steps_option = click.option("--steps", type=int, help="Batches in all; may be changed between stops.")
until_option = click.option("--until", type=int, help="Stop after this batch, at the full rate.")
small_option = click.option("--small", is_flag=True, help="The reader's shape, half the size.")


@main.command()
@work_folder
@steps_option
@until_option
@small_option
def pretrain(work: Path, steps: int | None, until: int | None, small: bool) -> None:
    """Teach the model the news; stop it at any time, the same command goes on."""
    from summarizer.training import pretrain as step

    usual = step.PretrainingRecipe()
    step.pretrain(work, replace(usual, steps=steps or usual.steps, until=until, small=small))


@main.command()
@work_folder
@steps_option
@until_option
@small_option
@click.option("--seed", type=int, help="Of weights and row order.")
@click.option("--no-copy", is_flag=True, help="A plain T5 without the copy head (the ablation).")
@click.option("--no-pretraining", is_flag=True, help="From random weights.")
@click.option("--onward", is_flag=True, help="Go on from the model in the package, over the rows of WORK.")
def train(
    work: Path, steps: int | None, until: int | None, small: bool, seed: int | None, no_copy: bool,
    no_pretraining: bool, onward: bool,
) -> None:  # fmt: skip
    """Train the model; stop it at any time, the same command goes on."""
    from summarizer.training import train as step

    usual = step.ONWARD if onward else step.Recipe()
    recipe = replace(
        usual, steps=steps or usual.steps, until=until, small=small, copy_head=not no_copy,
        seed=usual.seed if seed is None else seed, pretrained=not no_pretraining,
    )  # fmt: skip
    step.train(work, recipe)


@main.command()
@click.argument("rows", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=FOLDER_OUT)
@click.option("--steps", type=click.IntRange(min=1), help="Batches at most; the default is three epochs.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the row order.")
def finetune(rows: Path, out: Path, steps: int | None, seed: int) -> None:
    """Teach the model in the package a newsroom's own headlines.

    ROWS is .jsonl or .jsonl.gz with id, title and body, 200 pairs at least. One in ten is kept apart:
    training stops when they gain no more, and a table says what was gained. OUT takes the model.
    """
    from summarizer.training import finetune as step

    step.finetune(rows, out, steps=steps, seed=seed)


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
def verbs(data: Path, out: Path) -> None:
    """List the verbs of the news, by which a statement is known (2 minutes)."""
    from summarizer.training import verbs as step

    click.echo(f"{step.write_verbs(data, out)} verbs in {out}")


@main.command()
@data_folder
@out_folder
def chooser(data: Path, out: Path) -> None:
    """Train the chooser on candidates for held-out articles (10 minutes)."""
    from summarizer.training import chooser as step

    step.train_chooser(data, out)


@main.command()
@data_folder
@work_folder
def encoder(data: Path, work: Path) -> None:
    """Train the static encoder: vocabulary, pairs, one contrastive run (10 minutes)."""
    from summarizer.models.encoding import FOLDER as OUT
    from summarizer.training.retrieval import encoder as step

    recipe = step.EncoderRecipe()
    step.write_encoder(step.train_encoder(data, work, recipe), work, OUT)


@main.command()
@data_folder
@work_folder
def ranking(data: Path, work: Path) -> None:
    """Train the ranking on what both searches find in a library of the news (10 minutes)."""
    from summarizer.training.retrieval.ranking import train_ranking

    train_ranking(data, work)


@main.command("reader-rows")
@data_folder
@work_folder
@click.option("--seed", type=int, default=0, show_default=True, help="Of the questions that are made.")
def reader_rows(data: Path, work: Path, seed: int) -> None:
    """Make questions from news by cloze, and tokens of them and of people's questions (3 minutes)."""
    from summarizer.training.reading.rows import prepare

    prepare(data, work, seed=seed)


@main.command()
@work_folder
@click.option("--steps", type=int, help="Batches in all; may be changed between stops.")
@click.option("--encoder", type=FOLDER_IN, help="A headline model of the small shape to begin with.")
@click.option("--onward", is_flag=True, help="Go on from the reader in the package, over the rows of WORK.")
def reader(work: Path, steps: int | None, encoder: Path | None, onward: bool) -> None:
    """Train the reader; stop it at any time, the same command goes on (an hour; --onward half of one)."""
    from summarizer.training.reading import train as step

    if onward == bool(encoder):
        raise click.UsageError("expected either --encoder FOLDER or --onward")
    usual = step.ONWARD if onward else replace(step.ReaderRecipe(), encoder=str(encoder))
    step.train(work, replace(usual, steps=steps or usual.steps))


@main.command("reader-export")
@work_folder
def reader_export(work: Path) -> None:
    """Write the last checkpoint into the package, in half precision."""
    from summarizer.training.reading.export import OUT, export

    export(work, OUT)


@main.command("reader-order")
@data_folder
@work_folder
def reader_order(data: Path, work: Path) -> None:
    """Train the order of the reader's spans on questions it has not seen (10 minutes)."""
    from summarizer.training.reading.order import train_order

    train_order(data, work)


@main.command()
@data_folder
@work_folder
def gate(data: Path, work: Path) -> None:
    """Train the gate on questions that have an answer and questions that lost it (5 minutes)."""
    from summarizer.training.reading.gate import train_gate

    train_gate(data, work)


if __name__ == "__main__":
    main(prog_name="python -m summarizer.training")
