"""Long formulas, in lines: Unicode text for a terminal and LaTeX for a page break by the same rule.

A line breaks before a ``+``, a ``−`` or a relation, as far outside of brackets as the line allows.

Main results
    text_lines     a one-line Unicode formula → lines
    latex_lines    LaTeX → lines; brackets that a break separates get a fixed size
    latex_width    about how wide LaTeX is set, in letters
    implications   LaTeX → the sides of its implications
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

EARLY = 0.45  # a line is filled at least so far, if it can be
LOOSE = 8  # how many brackets deeper a break at a mere space counts


@dataclass(frozen=True)
class Stretch:
    """What stands between two possible breaks; ``depth`` is that of the break before it."""

    body: str
    width: float
    depth: int


def fill(pieces: Sequence[Stretch], limit: float, hang: float = 0) -> Iterator[str]:
    """Lines no wider than the limit where possible; the lines after the first are ``hang`` narrower."""
    rest = list(pieces)
    while sum(p.width for p in rest) > limit and len(rest) > 1:
        ends = list(accumulate(p.width for p in rest))
        fitting = [i for i in range(1, len(rest)) if ends[i - 1] <= limit] or [1]
        late = [i for i in fitting if ends[i - 1] >= EARLY * limit] or fitting
        cut = min(late, key=lambda i: (rest[i].depth, -i))
        yield "".join(p.body for p in rest[:cut])
        rest = rest[cut:]
        limit, hang = limit - hang, 0
    yield "".join(p.body for p in rest)


# -- text ------------------------------------------------------------------------------------------

RELATIONS = frozenset("=≠≤<≥>⪰≻⇒⇔")
OPERATORS = RELATIONS | frozenset("+−·")


def text_lines(formula: str, width: int, hang: int = 4) -> list[str]:
    """A one-line formula in lines of at most ``width`` characters; all but the first are indented by ``hang``.

    Examples
    --------
    >>> print(*text_lines("a(b + c) + d(e + f + g)", 18, 2), sep="\\n")
    a(b + c)
      + d(e + f + g)
    """
    first, *rest = fill(list(text_pieces(formula)), width, hang)
    return [first.strip(), *(" " * hang + line.strip() for line in rest)]


def text_pieces(formula: str) -> Iterator[Stretch]:
    """The words of a formula; an operator stays with what follows it."""
    body, before, depth = "", 0, 0
    for word in formula.split(" "):
        if body and body.strip() not in OPERATORS:
            yield Stretch(body, len(body), before)
            body, before = "", depth + break_cost(body.strip(), word)
        body += word + " "
        depth += sum(word.count(c) for c in "([{⟨") - sum(word.count(c) for c in ")]}⟩")
    yield Stretch(body, len(body), before)


def break_cost(before: str, after: str) -> int:
    """How unwelcome a break between two words is, in brackets."""
    if before.endswith(";"):
        return -3
    return -2 * (after in "⇒⇔") - (after in RELATIONS) if after in OPERATORS else LOOSE


# -- LaTeX -----------------------------------------------------------------------------------------

TOKEN = re.compile(r"\\begin\{\w+\*?\}|\\end\{\w+\*?\}|\\[A-Za-z]+|\\.|[{}^_&]|\s+|[^\\{}^_&\s]")
TEX_RELATIONS = frozenset({"=", "<", ">", r"\le", r"\ge", r"\neq", r"\succeq", r"\succ", r"\implies", r"\iff"})
IMPLICATIONS = frozenset({r"\implies", r"\iff", r"\Rightarrow", r"\Leftrightarrow", r"\Longrightarrow"})
GAPS = frozenset({r"\quad", r"\qquad", r"\ "})
BINARY = frozenset({"+", "-", r"\circ", r"\cdot"})
INVISIBLE = frozenset(
    [
        r"\left",
        r"\right",
        r"\displaystyle",
        r"\textstyle",
        r"\bar",
        r"\hat",
        r"\tilde",
        r"\mathbb",
        r"\mathrm",
        r"\mathcal",
        r"\operatorname",
        r"\text",
        r"\limits",
        r"\,",
    ]
)
FRACTIONS = frozenset({r"\frac", r"\tfrac", r"\dfrac"})


def latex_lines(formula: str, limit: float, hang: float = 2) -> list[str]:
    """LaTeX in lines about ``limit`` letters wide; brackets that a break separates get a fixed size.

    Examples
    --------
    >>> latex_lines(r"a \\left(b + c\\right) + d", 8, 0)
    ['a \\\\left(b + c\\\\right)', '+ d']
    >>> latex_lines(r"\\begin{pmatrix} a_{b} & c_{d} \\end{pmatrix} e", 4, 0)
    ['\\\\begin{pmatrix} a_{b} & c_{d} \\\\end{pmatrix} e']
    """
    return [line.strip() for line in free_brackets(list(fill(list(latex_pieces(formula)), limit, hang)))]


def latex_pieces(formula: str) -> Iterator[Stretch]:
    """Cuts before binary signs, and less gladly between factors; ``\\left`` and ``\\right`` count as brackets."""
    body, before, braces, brackets, last = "", 0, 0, 0, ""
    for token in TOKEN.findall(formula):
        braces += (token == "{" or token.startswith(r"\begin")) - (token == "}" or token.startswith(r"\end"))
        brackets += (token == r"\left") - (token == r"\right")
        binary = token in ("+", "-") and last not in {"", "(", "[", ","} | TEX_RELATIONS | BINARY
        relation = 2 * (token in GAPS) or token in TEX_RELATIONS
        factor = body.endswith(" ") and (last in "})]" or (len(last) == 1 and last.isalnum())) and token not in BINARY
        closes = token == "}" or token.startswith((r"\right", r"\end"))
        if braces == 0 and (binary or relation or (factor and token.strip() and not closes)) and body.strip():
            yield Stretch(body, latex_width(body), before)
            body, before = "", brackets - relation + (0 if binary or relation else LOOSE)
        body += token
        last = token if token.strip() else last
    yield Stretch(body, latex_width(body), before)


def free_brackets(lines: list[str]) -> list[str]:
    """Give ``\\left``–``\\right`` pairs that span lines the size ``\\big``, which needs no partner."""
    place = re.compile(r"\\(left|right)(?![A-Za-z])")
    where = [(n, m.start(), m[1]) for n, line in enumerate(lines) for m in place.finditer(line)]
    opened: list[tuple[int, int, str]] = []
    apart: set[tuple[int, int]] = set()
    for end in where:
        if end[2] == "left":
            opened.append(end)
        elif opened and (start := opened.pop())[0] != end[0]:
            apart |= {start[:2], end[:2]}

    def resized(n: int, m: re.Match[str]) -> str:
        return {"left": r"\bigl", "right": r"\bigr"}[m[1]] if (n, m.start()) in apart else m[0]

    return [place.sub(lambda m, n=n: resized(n, m), line) for n, line in enumerate(lines)]  # type: ignore[misc]


def latex_width(formula: str) -> float:
    """About how wide a formula is set, in letters.

    Examples
    --------
    >>> latex_width(r"\\frac{a + b}{2}") < latex_width("a + b - 2")
    True
    """
    return _measure(iter(TOKEN.findall(formula)))


def _measure(tokens: Iterator[str]) -> float:
    """The width up to the end of the group."""
    total, script = 0.0, 1.0
    for token in tokens:
        if token == "}":
            break
        if token in "^_":
            script = 0.7
            continue
        if token in FRACTIONS:
            wide = max(_group(tokens), _group(tokens)) * (0.7 if token == r"\tfrac" else 1) + 0.5
        elif token == "{":
            wide = _measure(tokens)
        elif token in INVISIBLE or not token.strip() or token in "&":
            wide = 0.0
        elif token in TEX_RELATIONS or token in BINARY:
            wide = 2.2
        elif token == r"\quad":
            wide = 2.0
        else:
            wide = 1.5 if token in (r"\sum", r"\max", r"\min", r"\dots", "W", "X", "M") else 1.0
        total += script * wide
        script = 1.0
    return total


def _group(tokens: Iterator[str]) -> float:
    return _measure(tokens) if next(tokens, "") == "{" else 1.0


def implications(formula: str) -> list[tuple[str, str]]:
    """The sides of ``⟹`` and ``⟺`` outside of all brackets, each with the sign before it.

    Examples
    --------
    >>> implications(r"a = b \\implies c = d")
    [('', 'a = b'), ('\\\\implies', 'c = d')]
    """
    sides, signs, braces, brackets = [""], [""], 0, 0
    for token in TOKEN.findall(formula):
        braces += (token == "{" or token.startswith(r"\begin")) - (token == "}" or token.startswith(r"\end"))
        brackets += (token == r"\left") - (token == r"\right")
        if token in IMPLICATIONS and braces == 0 and brackets == 0:
            signs.append(token)
            sides.append("")
        else:
            sides[-1] += token
    return list(zip(signs, map(str.strip, sides), strict=True))
