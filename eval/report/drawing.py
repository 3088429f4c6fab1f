"""Matplotlib figures as inline SVG that takes its colours and fonts from the page around it.

Colours are drawn as stand-ins and become CSS variables, so that one plot serves light and dark; text stays
text, so that the browser sets it in a font that has Chinese.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ACCENT", "FAINT", "FONTS", "INK", "LINE", "drawn"]

INK, LINE, ACCENT, FAINT = "#010203", "#040506", "#070809", "#0a0b0c"
"""Stand-ins for text, axes and grid, what is to be seen, and what stays behind it."""
_VARIABLES = {INK: "var(--ink)", LINE: "var(--line)", ACCENT: "var(--accent)", FAINT: "var(--faint)"}

FONTS = [
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "DejaVu Sans",
]  # fmt: skip
"""The last one comes with matplotlib: something must measure the text."""

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": FONTS,
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,  # a system's name may hold a dollar sign
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": LINE,
    "grid.alpha": 0.35,
}


def drawn(draw: Callable[[Figure], None], width: float, height: float, name: str) -> str:
    """What `draw` puts on a figure of this size in inches, as an <svg> element labelled `name`.

    The same figure gives the same text. Raises ModelError without matplotlib.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ModelError(
            f"a report's plots need the package {error.name!r}, which is missing: pip install matplotlib"
        ) from error
    out = io.StringIO()
    with matplotlib.rc_context({**_SETTINGS, "svg.hashsalt": name}), _no_glyph_needed():
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(out.getvalue(), name)


@contextmanager
def _no_glyph_needed() -> Iterator[None]:
    """Here text is only measured: a font without Chinese measures it a little wrong, and that is all."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from", category=UserWarning)
        yield


def _inline(svg: str, name: str) -> str:
    """Without prologue, fixed height, metadata and ids that nothing points at; colours as variables."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"#([A-Za-z][\w.-]*)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    for color, variable in _VARIABLES.items():
        svg = svg.replace(color, variable)
    label = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    svg = re.sub(r'<svg ([^>]*?)height="[^"]*" ', "<svg \\1", svg, count=1)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1).strip()
