"""What was changed in a formula, marked: pieces that went, pieces that came, pieces that stayed.

Main results
    difference    two texts → their pieces
    in_brackets   the pieces in a line of plain text
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

TOKEN = re.compile(r"\d+|[^\W\d]\w*|\s+|.", re.DOTALL)
"""Numbers, names with their indices, spaces, signs."""


class Marked(NamedTuple):
    """Letters with what became of them: ``=`` stayed, ``-`` went, ``+`` came."""

    mark: str
    text: str


def difference(before: str, after: str) -> tuple[Marked, ...]:
    """The pieces of two texts, those of the first before those of the second where they differ.

    Examples
    --------
    >>> [tuple(p) for p in difference("2σ_1 = a", "4σ_1 = a + b")]
    [('-', '2'), ('+', '4'), ('=', 'σ_1 = a'), ('+', ' + b')]
    """
    return tuple(pieces(TOKEN.findall(before), TOKEN.findall(after)))


def pieces(a: Sequence[str], b: Sequence[str]) -> Iterator[Marked]:
    for what, i, j, k, n in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if what == "equal":
            yield Marked("=", "".join(a[i:j]))
            continue
        if i < j:
            yield Marked("-", "".join(a[i:j]))
        if k < n:
            yield Marked("+", "".join(b[k:n]))


def in_brackets(pieces: Sequence[Marked]) -> str:
    """The pieces in a line of plain text.

    Examples
    --------
    >>> in_brackets(difference("a = 2", "a = 3"))
    'a = [-2-]{+3+}'
    """
    shape = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(shape[p.mark].format(p.text) for p in pieces)
