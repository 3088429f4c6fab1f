"""The house rule: imports go down only, and every module has its floor.

A room is a module or a package right under `summarizer`. A module may import rooms of lower
floors and its own room. Imports under TYPE_CHECKING and inside functions count like any other;
only inside a room may they name what would be a circle on top of the file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "summarizer"

FLOORS = {
    "errors": 0,
    "records": 0,
    "text": 0,
    "answertype": 1,
    "config": 1,
    "dateline": 1,
    "memory": 1,
    "prompts": 1,
    "rows": 1,
    "terms": 1,
    "models": 2,
    "pages": 3,
    "articles": 3,
    "grounding": 3,
    "summaries": 4,
    "library": 4,
    "search": 5,
    "training": 7,  # of ranking and gate too, which learn on what search and answers do
    "answers": 6,
    "newspaper": 7,
    "": 8,  # summarizer/__init__.py hands out names from below; only the edges import it
    "batch": 8,
    "web": 9,
    "cli": 10,  # starts the app
    "__main__": 11,
}
# On the lowest floor text speaks of the nouns: a Span is one.
SIDEWAYS = {("text", "records")}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path, *, late: bool = True) -> set[str]:
    """Every module of this project that the file names in an import statement."""
    found = set()
    for node in _nodes(ast.parse(path.read_text(encoding="utf-8")), late):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name, relative imports hide their floor"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in names}
    return {name for name in found if name.split(".")[0] in ("summarizer", "eval")}


def _nodes(node: ast.AST, late: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if late or not (isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or _typing_only(child)):
            yield from _nodes(child, late)


def _typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_floor(module: str) -> None:
    assert room(module) in FLOORS, f"{module} has no floor: give it one here, or a name that says what it is"


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    here = room(module)
    for used in imports(MODULES[module]):
        assert used in MODULES, f"{module} imports {used}, which is no module of summarizer"
        below = room(used)
        assert below == here or (here, below) in SIDEWAYS or FLOORS[below] < FLOORS[here], (
            f"{module} (floor {FLOORS[here]}) may not import {used} (floor {FLOORS[below]})"
        )


def test_nothing_imports_in_a_circle() -> None:
    graph = {module: imports(path, late=False) - {module} for module, path in MODULES.items()}
    list(TopologicalSorter(graph).static_order())  # raises CycleError and names the circle


def test_the_rule_sees_what_it_should(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        "from typing import TYPE_CHECKING\nfrom summarizer import records\n"
        "if TYPE_CHECKING:\n    from summarizer.newspaper import Newspaper\n"
        "def late():\n    import eval.pages\n    from summarizer.models import Generator\n",
        encoding="utf-8",
    )
    early = {"summarizer.records"}
    assert imports(sample) == early | {"summarizer.newspaper", "summarizer.models", "eval.pages"}
    assert imports(sample, late=False) == early
