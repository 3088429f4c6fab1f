"""How it looks: colours of ink and newsprint, the fonts of the reader's own machine, nothing fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.web.strings import Language

if TYPE_CHECKING:
    from gradio.themes import Base

__all__ = ["CSS", "FONTS", "head", "theme"]

CSS = Path(__file__).parent / "app.css"
_SCRIPT = Path(__file__).parent / "app.js"
FONTS = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "system-ui",
    "sans-serif",
)
_MONO = ("ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace")


def theme() -> Base:
    """The theme of gradio; plain font names, so that no font is asked for anywhere."""
    import gradio as gr
    from gradio.themes.utils.colors import Color

    seal = Color(
        "#fdf3f1", "#fae3de", "#f3c5bc", "#e79d8f", "#d87060", "#b8402f", "#9b2c1f", "#822318", "#6a1d14",
        "#561a13", "#330e0a", name="seal",
    )  # fmt: skip
    ink = Color(
        "#fbf9f5", "#f4f1ea", "#e6e0d5", "#cfc7b8", "#a49b8b", "#7a7265", "#5a544a", "#423d36", "#2b2823",
        "#1f1d1a", "#161513", name="ink",
    )  # fmt: skip
    made = gr.themes.Base(
        primary_hue=seal, secondary_hue=ink, neutral_hue=ink, radius_size="sm", spacing_size="sm",
        text_size="md", font=list(FONTS), font_mono=list(_MONO),
    )  # fmt: skip
    return made.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_border_width="1px",
        block_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_label_border_width="0px",
        block_title_text_weight="500",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_500",
        button_primary_text_color="white",
        input_background_fill="white",
        input_background_fill_dark="*neutral_950",
    )


def head(language: Language) -> str:
    """Our script, for the page's head. `language` is that of pages whose address does not say."""
    return f'<script data-language="{language}">{_SCRIPT.read_text(encoding="utf-8")}</script>'
