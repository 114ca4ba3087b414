"""Formulas as MathML, which browsers show by themselves: math-core turns our LaTeX into it.

Main results
    display     a formula on lines of its own, broken where a reader would break it
    inline      a formula in a line
    flowing     a formula in a line, or in several if it is long
    exact       an exact value, given as text
    prose       text with formulas in it
    whole       a text that is one formula, or none
    judged      a line of a witness
"""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape
from math_core import LatexError, LatexToMathML

from proofs.render.breaking import latex_lines
from proofs.render.unicode import JUDGED, PHRASE, math, safe, stretches, value

WIDE, FLOWING = 84.0, 110.0
"""Letters of a line: of a formula by itself, and of one that is smaller, in a proof."""
LONG = 160
"""Characters of a value that are set as a formula; a longer one is set as text, which wraps."""
ROW = re.compile(r"<mrow>(<(m[ino])[^<>]*>[^<>]*</\2>)</mrow>")
"""A row of one letter, number or sign."""
WIDTH = re.compile(r'"([0-9]\.[0-9]{3,})em"')
ARROW = re.compile(r'<mspace width="\.28em"/><mo stretchy="false">([⟹⟺])</mo><mspace width="\.28em"/>')
"""An implication with a space at both sides, beside its own of as much."""
SIGN = re.compile(r'<mo lspace="0" rspace="0">([−+])</mo>')
"""A sign without space around it, which is how one is set before its number."""


@cache
def converter() -> LatexToMathML:
    return LatexToMathML()


def inline(tex: str, block: bool = False) -> Markup:
    """LaTeX as MathML; what is no LaTeX is shown as it is written, and found by its class.

    Examples
    --------
    >>> print(inline("a < b"))
    <math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>
    >>> print(inline("{<script>"))
    <code class="tex">{&lt;script&gt;</code>
    """
    try:
        return Markup(slim(converter().convert_with_local_state(safe(tex), displaystyle=block)))
    except LatexError:
        return Markup('<code class="tex">') + escape(tex) + Markup("</code>")


def slim(math: str) -> str:
    """MathML without what nobody sees: rows of one member, spaces of no width, default spacing, long widths.

    Examples
    --------
    >>> slim('<mrow><mrow><mspace/><mi>max</mi></mrow></mrow><mo lspace="0" rspace="0">−</mo>')
    '<mi>max</mi><mo form="prefix">−</mo>'
    """
    math = math.replace("<mspace/>", "").replace("<mrow></mrow>", "<mrow/>").replace("&ApplyFunction;", "\u2061")
    math = WIDTH.sub(lambda m: f'"{float(m[1]):.2f}em"'.replace('"0.', '".'), math)
    math = ARROW.sub(r'<mo stretchy="false" lspace=".56em" rspace=".56em">\1</mo>', math)
    math = SIGN.sub(r'<mo form="prefix">\1</mo>', math)
    while (less := ROW.sub(r"\1", math)) != math:
        math = less
    return math


def display(tex: str, relation: str = "", width: float = WIDE) -> Markup:
    """A formula with the relation before it, in lines."""
    lines = stacked(f"{relation} " if relation else "", tex, width, r"\quad {}", True)
    return Markup("").join(Markup('<span class="line">{}</span>').format(line) for line in lines)


def flowing(tex: str, width: float = FLOWING) -> Markup:
    """A formula in a line, or in several if it is long."""
    return Markup("<br>").join(stacked("", tex, width, "{}", False))


def stacked(begin: str, tex: str, width: float, hang: str, block: bool) -> list[Markup]:
    """A formula in lines, with something before each; in one where a line would be no formula by itself."""
    first, *rest = latex_lines(tex, width, 4)
    lines = [inline(line, block) for line in (begin + first, *(hang + line for line in rest))]
    return lines if all(line.startswith("<math") for line in lines) else [inline(begin + tex, block)]


def exact(text: str) -> Markup:
    """A number, list or matrix as text → a formula, or text where that is long."""
    return inline(value(text)) if len(text) <= LONG else Markup("<code>{}</code>").format(text)


def prose(text: str) -> Markup:
    """Text with Unicode formulas in it; what is no formula to LaTeX stays as it is.

    Examples
    --------
    >>> print(prose("W_1 is <b>"))
    <math><msub><mi>W</mi><mn>1</mn></msub></math> is &lt;b&gt;
    """
    return Markup(" ").join(formula(words) if maths else escape(words) for maths, words in stretches(text))


def whole(text: str) -> Markup:
    """A text that is one formula, or none.

    Examples
    --------
    >>> print(whole("a − b"), whole("loss at the form"))
    <math><mi>a</mi><mo>−</mo><mi>b</mi></math> loss at the form
    """
    if PHRASE.search(text) or not any(mathematical for mathematical, _ in stretches(text)):
        return escape(text)
    found = flowing(math(text))
    return found if found.startswith("<math") else escape(text)


def judged(line: str) -> Markup:
    """A line of a witness: its mark, its formula, how it was decided."""
    found = JUDGED.fullmatch(line)
    if not found:
        return prose(line)
    reason = Markup(' <span class="rule">{}</span>').format(found["reason"]) if found["reason"] else ""
    return Markup("{} {}{}").format(found["mark"], whole(found["formula"]), reason)


def formula(words: str) -> Markup:
    """A formula of a text, with the stop behind it."""
    core = words.rstrip(".,;:")
    found = inline(math(core))
    return (found if found.startswith("<math") else escape(core)) + escape(words[len(core) :])


def name(text: str) -> Markup:
    """A name in Unicode → a formula."""
    return inline(math(text))
