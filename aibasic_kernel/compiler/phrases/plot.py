"""Phrases that draw charts of data frames. The picture is saved where a file is named, and stays as `figure`."""

from __future__ import annotations

from aibasic.modules.phrases import Phrase

_PICTURE = "{path:path png svg pdf jpg}"
_XY = "{y:column of frame} (by|over|against|per) {x:column of frame}"


def _chart(kind: str, axes: str, draw: str, labels: str, example: str, does: str) -> Phrase:
    return Phrase(
        f"(plot|draw|show|make|create) [(a|an|the)] {kind} [of] [the] {axes} (of|from|in) [the] {{frame:name frame}} "
        f"[(titled|with title) {{title:text}}] [([and save it] (to|as|into)) [file] {_PICTURE}]",
        f"import matplotlib.pyplot as plt\n\nfigure, axes = plt.subplots()\n{draw}\n{labels}"
        "<?\naxes.set_title({title})?><?\nfigure.savefig({path})?>\nplt.show()",
        example,
        does,
        "figure",
    )


_EACH = "axes.{method}({{frame}}[{{x}}], {{frame}}[{{y}}])"
_SUMS = (
    "sums = {frame}.dropna(subset=[{x}, {y}]).groupby({x}, sort=False, as_index=False)[{y}].sum()\n"
    "axes.bar(sums[{x}], sums[{y}].astype(float))"
)


def _chart_of_two(kind: str, draw: str, example: str, does: str) -> Phrase:
    return _chart(f"{kind} (chart|plot|graph)", _XY, draw, "axes.set_xlabel({x})\naxes.set_ylabel({y})", example, does)


PHRASES = (
    _chart_of_two(
        "bar",
        _SUMS,
        "plot a bar chart of amount by city from sales as chart.png",
        "draws a bar for each value of a column: the sum of the other where it comes more than once",
    ),
    _chart_of_two(
        "line", _EACH.format(method="plot"), "plot a line chart of amount by month from sales", "draws a line"
    ),
    _chart_of_two(
        "scatter",
        _EACH.format(method="scatter"),
        "plot a scatter chart of amount against month from sales",
        "draws points",
    ),
    _chart(
        "histogram",
        "{x:column of frame}",
        "axes.hist({frame}{as_floats}[{x}].dropna())",
        "axes.set_xlabel({x})",
        "plot a histogram of amount from sales titled 'How large sales are'",
        "draws how often values occur",
    ),
    Phrase(
        f"save [the] {{figure:name figure}} (to|as|into) [file] {_PICTURE}",
        "{figure}.savefig({path})",
        "save the figure as chart.png",
        "saves a chart's picture",
    ),
)
