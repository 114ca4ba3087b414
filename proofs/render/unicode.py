"""Unicode mathematics as LaTeX: names and values of counterexamples, notes, sentences.

Main results
    math(s)     a formula in Unicode → math mode
    prose(s)    text with formulas in it → text mode
    value(s)    a number, list or matrix as exact text → math mode
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from itertools import accumulate, zip_longest

from proofs.algebra.letters import (
    ACCENTS,
    GREEK,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
    TYPOGRAPHY,
    UNKNOWN,
    is_control,
    is_latin,
    safe,
)
from proofs.render.breaking import TOKEN

SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "_": r"\_", "{": r"\{", "}": r"\}",
           "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
           "\\": r"\textbackslash{}", "<": r"$<$", ">": r"$>$", "|": r"$|$"}  # fmt: skip
HARMLESS = {"\\": r"\backslash ", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "~": r"\sim ", "\n": " "}
WORDS = (
    "Tr",
    "diag",
    "cond",
    "max",
    "min",
    "det",
    "rank",
    "vec",
    "sin",
    "cos",
    "log",
    "exp",
    "ker",
    "sign",
    "span",
    "low",
)
MATHEMATICAL = frozenset({*SYMBOLS, *GREEK, *SUPERSCRIPTS, *SUBSCRIPTS, *ACCENTS}) - {"…"}


def math(s: str) -> str:
    """A Unicode formula as LaTeX in math mode.

    Examples
    --------
    >>> print(math("2σ_i²ν₁ ≤ Ū"))
    2\\sigma _{i}^{2}\\nu _{1} \\le  \\bar{U}
    """
    s = harmless(s)
    s = re.sub(r"_([A-Z]\d|[a-z]{2,3}(?![a-z_]))", r"_{\1}", s)
    s = re.sub(r"(?<![A-Za-z])([A-Z])(\d)(?!\d)", r"\1_{\2}", s.replace("Σ_", r"\sum _"))
    s = re.sub(r"√\(([^()]*)\)", lambda m: f"\\sqrt{{{m[1]}}}", s)
    s = re.sub(r"√(\w)", r"\\sqrt{\1}", s)
    s = re.sub(r"\^\(([^()]*)\)", r"^{\1}", s)
    s = re.sub(r"\^(½|−½|[−-]\d+)", r"^{\1}", s)
    s = re.sub(rf"(?<![\\A-Za-z])({'|'.join(WORDS)})(?![A-Za-z])", r"\\operatorname{\1}", s)
    return scripts(safe(s))


def scripts(s: str) -> str:
    """LaTeX in which every index and exponent has braces, and a second one at the same letter an empty base.

    Examples
    --------
    >>> print(scripts("a_i_x^2 b^"))
    a_{i}{}_{x}^{2} b^{}
    """
    out, tokens, at_letter = "", deque(TOKEN.findall(s)), set[str]()
    while tokens:
        token = tokens.popleft()
        if token in at_letter:
            out += "{}"
            at_letter.clear()
        if token in "_^":
            at_letter |= {"^", "'"} if token == "^" else {"_"}
            out += f"{token}{{{operand(tokens)}}}"
        else:
            if token != "'" and token.strip():
                at_letter.clear()
            out += token
    return out


def operand(tokens: deque[str]) -> str:
    """What an index or exponent reaches over: a group, or a letter or command with the groups that follow it."""
    if not tokens or tokens[0] in "_^}&" or not tokens[0].strip():
        return ""
    first = tokens.popleft()
    out = scripts(group(tokens)) if first == "{" else first
    while first.startswith("\\") and tokens and tokens[0] == "{":
        tokens.popleft()
        out += f"{{{scripts(group(tokens))}}}"
    return out


def group(tokens: deque[str]) -> str:
    """The tokens up to the brace that closes a group."""
    out, depth = "", 1
    while tokens:
        token = tokens.popleft()
        depth += (token == "{") - (token == "}")
        if not depth:
            break
        out += token
    return out


def harmless(s: str) -> str:
    """A formula in which nothing is a command, a comment or the end of math mode, and braces come in pairs.

    Examples
    --------
    >>> print(harmless(r"\\input{a}^^5c $x_{ij}$"))
    \\backslash input\\{a\\}^{}^5c \\$x_{ij}\\$
    """
    out, groups = "", []
    for before, c in zip(" " + s, s, strict=False):
        if c == "{":
            groups.append(before in "_^")
            c = "{" if groups[-1] else r"\{"
        elif c == "}":
            c = "}" if groups and groups.pop() else r"\}"
        elif c == before == "^":
            c = "{}^"
        out += HARMLESS.get(c, c)
    return out + "}" * sum(groups)


def value(s: str) -> str:
    """An exact value as text → math mode; a column is printed as the transpose of a row.

    Examples
    --------
    >>> print(value("[[1, 2/3], [0, 1]]"))
    \\begin{pmatrix} 1 & 2/3 \\\\ 0 & 1 \\end{pmatrix}
    """
    if s.startswith("[[") and s.endswith("]]"):
        rows = [" & ".join(math(x) for x in row.split(", ")) for row in s[2:-2].split("], [")]
        if len(rows) > 1 and not any("&" in row for row in rows):
            return f"({', '.join(rows)})^{{\\top}}"
        return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"
    return math(s)


# -- text with formulas ----------------------------------------------------------------------------

FORMULA = re.compile(
    r"[A-Za-z]'*_\S|\^|[A-Za-z]=|^[b-zB-HJ-Z]$|^[=<>+]+$|''|^[A-Z]\d$|^[A-CU-Z]{2}$|^[A-Za-z]'?\(|^\([b-zB-HJ-Z]$|^[b-zB-HJ-Z]\)$|\d/\d*[a-z]$|^(max|min|Tr|diag|cos|sin|det)\b"
)
HYPHEN = re.compile(r"[^\W\d_]-[A-Za-z]")
"""What stands in words and in ids; a minus is another sign."""
HEADINGS = frozenset({"Appendix", "Section", "Theorem", "Lemma", "Table", "Figure", "Part"})
OPERAND = re.compile(r"[(\[]*([-−]?[\d/.]+|[A-Za-z])[)\]]*")
OPERATOR = re.compile(r"^[=<>+≤≥≠−·×]|[=<>+≤≥≠−·×]$")


JUDGED = re.compile(r"(?P<mark>[✓✗?≈~]) (?P<formula>.+?)(?: — (?P<reason>.*))?")
"""A line of a witness about one formula."""
PHRASE = re.compile(r"[a-z]{3,} [a-z]{3,}|;")
"""What stands in words, not in a formula."""
WORD = re.compile(r"(?:\{[^{}]*\}|\S)+")  # spaces within braces belong to a formula


def prose(s: str) -> str:
    """Text with Unicode formulas in it → LaTeX in text mode.

    Examples
    --------
    >>> print(prose("the terms in α² of h_Z, 50% of them"))
    the terms in $\\alpha ^{2}$ of $h_{Z}$, 50\\% of them
    >>> print(prose("at the end of Σ_{j=1..k − 1} x_j"))
    at the end of $\\sum _{j=1..k - 1} x_{j}$
    """
    return " ".join(inline(words) if formula else plain(words) for formula, words in stretches(s))


def stretches(s: str) -> Iterator[tuple[bool, str]]:
    """A text in words that are a formula, and words that are none, by turns.

    Examples
    --------
    >>> list(stretches("The optimal W = W_2W_1 is unique."))
    [(False, 'The optimal'), (True, 'W = W_2W_1'), (False, 'is unique.')]
    """
    groups: list[tuple[bool, list[str]]] = []
    words = WORD.findall(closed(s))
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        core = word.rstrip(".,;:")
        after_operator = bool(groups) and groups[-1][0] and bool(OPERATOR.search(groups[-1][1][-1]))
        headed = bool(groups) and groups[-1][1][-1] in HEADINGS
        formula = (is_formula(core) and not headed) or (after_operator and bool(OPERAND.fullmatch(core)))
        formula = formula or (bool(OPERAND.fullmatch(word)) and bool(OPERATOR.match(following)))
        joined = bool(groups) and groups[-1][0] == formula and not (formula and groups[-1][1][-1][-1] in ".,;:")
        if joined:
            groups[-1][1].append(word)
        else:
            groups.append((formula, [word]))
    return ((formula, " ".join(words)) for formula, words in groups)


def closed(s: str) -> str:
    """Text whose braces come in pairs: those that were cut off are closed, and where one has no beginning none stay."""
    depths = list(accumulate((c == "{") - (c == "}") for c in s))
    if min(depths, default=0) < 0:
        return s.replace("{", "").replace("}", "")
    return s + "}" * depths[-1] if depths else s


def is_formula(word: str) -> bool:
    if word.isascii() and HYPHEN.search(word):
        return False
    letters = set(unicodedata.normalize("NFC", word) + unicodedata.normalize("NFD", word))
    return bool(letters & MATHEMATICAL) or bool(FORMULA.search(word))


def inline(s: str) -> str:
    core = s.rstrip(".,;:")
    return f"${math(core)}${s[len(core) :]}"


def plain(s: str) -> str:
    """Text without formulas → LaTeX."""
    return "".join(SPECIAL.get(c) or TYPOGRAPHY.get(c) or (c if known(c) else f"${UNKNOWN}$") for c in s)


def known(c: str) -> bool:
    return is_latin(c) or (c.isascii() and not is_control(c))
