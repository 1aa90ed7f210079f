"""The signs and words by which two values are compared, and the operator that each stands for."""

from __future__ import annotations

SIGNS = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TEXTS = {
    ">=": ("greater than or equal to", "more than or equal to", "at least", "no less than"),
    "<=": ("less than or equal to", "at most", "no more than"),
    ">": ("greater than", "more than", "larger than", "bigger than", "higher than", "above", "over", "after"),
    "<": ("less than", "smaller than", "fewer than", "lower than", "below", "under", "before"),
    "=": ("equal to", "equals", "equal", "the same as"),
    "<>": ("different from", "differs from"),
}
COMPARING = sorted(
    ((tuple(words.split()), operator) for operator, texts in _TEXTS.items() for words in texts),
    key=lambda entry: -len(entry[0]),
)
MATCHING = {
    ("contains",): "contains",
    ("contain",): "contains",
    ("starts", "with"): "starts",
    ("start", "with"): "starts",
    ("begins", "with"): "starts",
    ("ends", "with"): "ends",
    ("end", "with"): "ends",
    ("like",): "like",
    ("ilike",): "ilike",
}
FLIPPED = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
