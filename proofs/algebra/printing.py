"""Printed forms of expressions: LaTeX and one-line Unicode text from one walk of the tree.

Main results
    latex(e)    LaTeX in math mode, amsmath only
    text(e)     one line of Unicode
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from proofs.algebra.letters import GREEK, safe
from proofs.kernel import expressions as E

ADD, MUL, UNARY, POW, ATOM = range(1, 6)
ONE = E.Num(Fraction(1))
MARKED = (E.Extremum, E.Diff, E.Grad, E.Coeff)
"""What seems to reach over the rest of a sum that stands after it."""
BINDERS = (*MARKED, E.Sum)
"""What reaches over the rest of a product that stands after it."""
CLOSED = ("Rel", "Every")
"""Propositions that a range behind them is seen to be about."""
LOOSE, TIGHT = {"Iff": 1, "Implies": 2, "Or": 3, "And": 4}, 5
"""How tightly the connectives of propositions are tied."""
FRACTION = re.compile(r"\d+/\d+")
SUM = re.compile(r"[^(]* [−+] ")
"""What a name begins with that is a sum, such as A − Aᵀ."""
GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"
BELOW = rf"(_\w|_{GROUP})?"
NAME_WITH_EXPONENT = re.compile(rf"(\{{\\circ\}})?(\\\w+{GROUP}|[\\\w])+ ?{BELOW}(\^(\W|\w|{GROUP})|'+){BELOW}")
"""A letter that has something above it at the right, and indices."""


def tex_name(name: str) -> str:
    """LaTeX of a name such as ``W1``, ``σ``, ``p_B``: one subscript, no more, and what is made for a proof is a letter.

    Examples
    --------
    >>> tex_name("W1"), tex_name("p_B"), tex_name("d_A2"), tex_name("1"), tex_name("°1")
    ('W_{1}', 'p_{B}', 'd_{A2}', '1', '{\\\\circ}_{1}')
    """
    head = name.rstrip("0123456789")
    if not head:
        return name
    base, _, sub = head.partition("_")
    if base.endswith("·"):
        base, sub = base[:-1], "·"
    base = r"{\circ}" + base[1:] if base.startswith("°") else base
    base, sub = ("".join(f"\\{GREEK[c]} " if c in GREEK else c for c in part).strip() for part in (base, sub))
    below = sub + name[len(head) :]
    return safe(f"{base or '{}'}_{{{below}}}" if below else base or r"\_")


def reaches_on(e: E.Expr, binders: tuple[type[E.Expr], ...]) -> bool:
    """Whether one of these stands at the end of what is printed, without anything that marks where it ends."""
    if isinstance(e, E.Mul):
        return reaches_on(e.factors[-1], binders)
    if isinstance(e, E.Diff) and e.at_zero:
        return False
    return isinstance(e, binders) or (isinstance(e, BINDERS) and reaches_on(e.body, binders))


class Printer:
    """Renders nodes to strings with the precedence of their outermost operation."""

    tex: bool

    def __init__(self, tex: bool):
        self.tex = tex
        self.printed = "_printed_tex" if tex else "_printed_text"

    def __call__(self, e: E.Expr, outer: int = 0) -> str:
        string, own = self.render(e)
        return self.parens(string) if own < outer else string

    def parens(self, s: str) -> str:
        return f"\\left({s}\\right)" if self.tex else f"({s})"

    def name(self, item: Any) -> str:
        return safe(item.tex or tex_name(item.name)) if self.tex else item.name

    def size(self, s: Any) -> str:
        return self(s) if isinstance(s, E.Expr) else str(s)

    def sub(self, s: str) -> str:
        if self.tex:
            return f"_{{{s}}}"
        return f"_{s}" if len(s) == 1 else f"_{{{s}}}"

    def sup(self, s: str) -> str:
        if self.tex:
            return f"^{{{s}}}"
        plain = {"2": "²", "3": "³", "-1": "⁻¹", "-2": "⁻²", "4": "⁴", "1/2": "^½", "-1/2": "^−½"}
        return plain.get(s, f"^({s.replace('-', '−')})")

    def render(self, e: E.Expr) -> tuple[str, int]:
        """The string and its precedence; a node remembers them."""
        if self.printed not in e.__dict__:
            rule = getattr(self, "_" + type(e).__name__.lower(), None)
            if rule is None:
                raise TypeError(f"no printed form for {type(e).__name__}")
            e.__dict__[self.printed] = rule(e)
        return e.__dict__[self.printed]

    # -- scalars -----------------------------------------------------------------------------------
    def _num(self, e: E.Num) -> tuple[str, int]:
        v = e.value
        own = ATOM if v >= 0 and v.denominator == 1 else (MUL if v >= 0 else ADD)
        if v.denominator == 1:
            return str(v).replace("-", "-" if self.tex else "−"), own
        sign = "" if v >= 0 else ("-" if self.tex else "−")
        if self.tex:
            return f"{sign}\\tfrac{{{abs(v.numerator)}}}{{{v.denominator}}}", own
        return f"{sign}{abs(v.numerator)}/{v.denominator}", own

    def _sym(self, e: E.Sym | E.Letter | E.Named) -> tuple[str, int]:
        return self.name(e), ADD if SUM.match(e.name) else ATOM

    def _item(self, e: E.Item) -> tuple[str, int]:
        return self.indexed(e), ATOM

    def indexed(self, e: E.Item) -> str:
        """``σ_i``; a name that has a subscript of its own takes its index in brackets, as ``p_B(i)``."""
        name, index = self.name(e.family), self(e.index)
        return f"{name}({index})" if "_" in name else name + self.sub(index)

    def _fn(self, e: E.Fn) -> tuple[str, int]:
        return self.function(e), ATOM

    def function(self, e: E.Fn, exponent: str = "") -> str:
        return (f"\\{e.name}" if self.tex else e.name) + exponent + self.parens(self(e.arg))

    def _abs(self, e: E.Abs) -> tuple[str, int]:
        inner = self(e.arg)
        return (f"\\left|{inner}\\right|" if self.tex else f"|{inner}|"), ATOM

    # -- sums and products -------------------------------------------------------------------------
    def _add(self, e: E.Add) -> tuple[str, int]:
        out = ""
        for t in e.terms:
            minus, body = self.signed(t) if out else (False, t)
            if out:
                out += f" {('-' if self.tex else '−') if minus else '+'} "
            string = self(body, MUL if out else ADD)
            out += self.parens(string) if t is not e.terms[-1] and self.seems_to_go_on(body) else string
        return out, ADD

    def seems_to_go_on(self, e: E.Expr) -> bool:
        """Whether what is added behind it could be read as part of it; not behind one symbol or bracket."""
        if isinstance(e, E.Diff | E.Grad) and self.render(e.body)[1] == ATOM:
            return False
        return reaches_on(e, MARKED)

    def signed(self, e: E.Expr) -> tuple[bool, E.Expr]:
        if isinstance(e, E.Num) and e.value < 0:
            return True, E.Num(-e.value)
        if isinstance(e, E.Mul) and isinstance(e.factors[0], E.Num) and e.factors[0].value < 0:
            with E.as_printed():
                return True, E.neg(e)
        return False, e

    def _mul(self, e: E.Mul) -> tuple[str, int]:
        minus, positive = self.signed(e)
        if minus:
            return ("-" if self.tex else "−") + self(positive, MUL), ADD
        above, below, after = self.split(e)
        if not below:
            return self.product(above), MUL
        if self.tex:
            fraction = f"\\frac{{{self.product(above, alone=True)}}}{{{self.product(below, alone=True)}}}"
        else:
            under = self.product(below, alone=True)
            simple = len(below) == 1 and self.render(below[0])[1] >= POW
            fraction = f"{self.product(above, goes_on=True)}/{under if simple else self.parens(under)}"
        gap = " " if self.tex else "·"
        return (f"{fraction}{gap}{self.product(after)}" if after else fraction), MUL

    def split(self, e: E.Mul) -> tuple[list[E.Expr], list[E.Expr], list[E.Expr]]:
        """Factors above and below the fraction line, and those printed after it; ones are not printed."""
        above: list[E.Expr] = []
        below: list[E.Expr] = []
        after: list[E.Expr] = []
        for f in e.factors:
            if isinstance(f, E.Pow) and f.is_scalar and f.exponent == E.Num(Fraction(-1)) and not after:
                below.append(f.base)
            elif f != ONE:
                (after if below else above).append(f)
        if below and above and isinstance(above[0], E.Num) and above[0].value.denominator > 1:
            value = above[0].value
            above[0], below = E.Num(Fraction(value.numerator)), [E.Num(Fraction(value.denominator)), *below]
            above = [f for f in above if f != ONE]
        return above or [ONE], below, after

    def product(self, factors: list[E.Expr], alone: bool = False, goes_on: bool = False) -> str:
        """Factors side by side; what would swallow the next one is put in brackets.

        Parameters
        ----------
        alone : bool
            Whether a single factor needs no brackets.
        goes_on : bool
            Whether something follows the last one.
        """
        single = alone and len(factors) == 1
        out = ""
        for number, f in enumerate(factors, 1):
            string = self(f, 0 if single else MUL)
            if (goes_on or number < len(factors)) and reaches_on(f, BINDERS):
                string = self.parens(string)
            out += (self.gap(out, string, isinstance(f, E.Num)) if out else "") + string
        return out

    def gap(self, left: str, right: str, number: bool) -> str:
        """What stands between two factors: a dot where digits would run together."""
        if number or right[0].isdigit():
            return " \\cdot " if self.tex else "·"
        tight = (left.isdigit() and len(left) == 1) or left.endswith(")") or right.startswith("(")
        return " " if self.tex or not tight or FRACTION.fullmatch(left) else ""

    def _pow(self, e: E.Pow) -> tuple[str, int]:
        if isinstance(e.base, E.SqNorm) and e.exponent == E.Num(Fraction(1, 2)):
            return self._sqnorm(e.base)[0].removesuffix("^2" if self.tex else "²"), ATOM
        if isinstance(e.exponent, E.Num) and e.exponent.value == Fraction(1, 2) and e.is_scalar:
            inner = self(e.base, 0 if self.tex else ATOM)
            return (f"\\sqrt{{{inner}}}" if self.tex else f"√{inner}"), POW
        if self.tex and e.is_scalar and e.exponent == E.Num(Fraction(-1)) and not isinstance(e.base, E.Sym | E.Item):
            return f"\\frac{{1}}{{{self(e.base)}}}", MUL
        exponent = str(e.exponent.value) if isinstance(e.exponent, E.Num) else self(e.exponent)
        if isinstance(e.base, E.Fn) and isinstance(e.exponent, E.Num) and e.exponent.value > 0:
            return self.function(e.base, self.sup(exponent)), POW
        base = self(e.base, ATOM)
        if isinstance(e.base, E.Item) and self.tex:
            return f"{self.whole(self.indexed(e.base))}{self.sup(exponent)}", POW
        if isinstance(e.base, E.SqNorm):
            base = self.parens(base)
        return self.whole(base) + self.sup(exponent), POW

    # -- matrices ----------------------------------------------------------------------------------
    _letter = _named = _sym

    def _eye(self, e: E.Eye) -> tuple[str, int]:
        return "I", ATOM

    def _zero(self, e: E.Zero) -> tuple[str, int]:
        return "0", ATOM

    def _diag(self, e: E.Diag) -> tuple[str, int]:
        if e.name:
            return (tex_name(e.name) if self.tex else e.name), ATOM
        first, last = self(e.family[1]), self(e.family[e.size])
        dots = r"\dots" if self.tex else "…"
        head = r"\operatorname{diag}" if self.tex else "diag"
        return f"{head}({first}, {dots}, {last})", ATOM

    def _proj(self, e: E.Proj) -> tuple[str, int]:
        return ("\\Pi" if self.tex else "Π") + self.sub(self(e.b)), ATOM

    def _basis(self, e: E.Basis) -> tuple[str, int]:
        return "e" + self.sub(self(e.i)), ATOM

    def _first(self, e: E.First) -> tuple[str, int]:
        rows, cols = self.size(e.rows), self.size(e.cols)
        return ("I" + (f"_{{{rows}\\times {cols}}}" if self.tex else f"_({rows}×{cols})")), ATOM

    def _t(self, e: E.T) -> tuple[str, int]:
        if isinstance(e.arg, E.LowerMask) and isinstance(e.arg.arg, E.T):
            return self.triangle("up", e.arg.arg.arg, e.arg.strict)
        return self.whole(self(e.arg, ATOM)) + ("^{\\top}" if self.tex else "ᵀ"), POW

    def whole(self, base: str) -> str:
        """A name that has an exponent of its own takes another one as a whole."""
        return f"{{{base}}}" if self.tex and NAME_WITH_EXPONENT.fullmatch(base) else base

    def _maxmask(self, e: E.MaxMask) -> tuple[str, int]:
        mask = e.name or f"P_{e.family.name}"
        return (
            f"{self(e.arg, UNARY)} {chr(92) + 'circ' if self.tex else '∘'} {tex_name(mask) if self.tex else mask}",
            ADD,
        )

    def _lowermask(self, e: E.LowerMask) -> tuple[str, int]:
        return self.triangle("low", e.arg, e.strict)

    def triangle(self, name: str, arg: E.Expr, strict: bool) -> tuple[str, int]:
        """A triangle of a matrix; (low Aᵀ)ᵀ is the upper one."""
        head = f"\\operatorname{{{name}}}" if self.tex else name
        return f"{head}{'_0' if strict else ''}{self.parens(self(arg))}", ATOM

    def _dropmask(self, e: E.DropMask) -> tuple[str, int]:
        return f"M {chr(92) + 'circ' if self.tex else '∘'} {self(e.arg, UNARY)}", ADD

    def grid(self, rows: Sequence[Sequence[E.Expr]]) -> tuple[str, int]:
        """A matrix written out."""
        if self.tex:
            body = r" \\ ".join(" & ".join(map(self, row)) for row in rows)
            return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}", ATOM
        return "[" + ", ".join("[" + ", ".join(map(self, row)) + "]" for row in rows) + "]", ATOM

    def _symmetric(self, e: Any) -> tuple[str, int]:
        return self.grid(e.rows())

    def _column(self, e: Any) -> tuple[str, int]:
        return (self.grid([[x] for x in e.entries])) if self.tex else (f"({', '.join(map(self, e.entries))})ᵀ", ATOM)

    def _det(self, e: Any) -> tuple[str, int]:
        return ("\\det" if self.tex else "det") + self.parens(self(e.arg)), ATOM

    def _rank(self, e: Any) -> tuple[str, int]:
        return ("\\operatorname{rank}" if self.tex else "rank") + self.parens(self(e.arg)), ATOM

    def _extreme(self, e: Any) -> tuple[str, int]:
        head, _, sub = e.kind.partition("_")
        name = (f"{head}_{{\\{sub}}}" if sub else rf"\operatorname{{{head}}}") if self.tex else e.kind
        return name + self.parens(self(e.matrix)), ATOM

    def _hessianat(self, e: Any) -> tuple[str, int]:
        return "H", ATOM

    def _block(self, e: Any) -> tuple[str, int]:
        return ("V^\\top H V" if self.tex else "VᵀHV"), MUL

    # -- scalars of matrices -----------------------------------------------------------------------
    def _tr(self, e: E.Tr) -> tuple[str, int]:
        head = "\\operatorname{Tr}" if self.tex else "Tr"
        return head + self.parens(self(e.arg)), ATOM

    def _sqnorm(self, e: E.SqNorm) -> tuple[str, int]:
        inner = self(e.arg)
        return (f"\\left\\lVert {inner}\\right\\rVert_F^2" if self.tex else f"‖{inner}‖²"), ATOM

    def _inner(self, e: E.Inner) -> tuple[str, int]:
        if self.tex:
            return f"\\left\\langle {self(e.left)}, {self(e.right)}\\right\\rangle", ATOM
        return f"⟨{self(e.left)}, {self(e.right)}⟩", ATOM

    def _entry(self, e: E.Entry) -> tuple[str, int]:
        inner = self(e.arg, ATOM)
        if "_" in inner and not inner.endswith(")"):
            inner = self.parens(inner)
        indices = self(e.i), self(e.j)
        short = all(isinstance(i, E.Sym) for i in (e.i, e.j)) or all(len(i) == 1 for i in indices)
        return inner + self.sub(("" if short else ", ").join(indices)), ATOM

    # -- binders -----------------------------------------------------------------------------------
    def bounds(self, e: E.Sum | E.Extremum) -> tuple[str, str]:
        return f"{self(e.var)}={self(e.lo)}", self(e.hi)

    def _sum(self, e: E.Sum) -> tuple[str, int]:
        low, high = self.bounds(e)
        body, skipped = self(e.body, MUL), ", ".join(map(self, e.without))
        if self.tex:
            left_out = rf",\, {self(e.var)} \neq {skipped}" if skipped else ""
            return f"\\sum_{{{low}{left_out}}}^{{{high}}} {body}", MUL
        left_out = f", {self(e.var)}≠{skipped}" if skipped else ""
        return f"Σ_{{{low}..{high}{left_out}}} {body}", MUL

    def _extremum(self, e: E.Extremum) -> tuple[str, int]:
        low, high = self.bounds(e)
        body = self(e.body, MUL)
        if self.tex:
            return f"\\{e.kind}_{{{low},\\dots,{high}}} {body}", MUL
        return f"{e.kind}_{{{low}..{high}}} {body}", MUL

    def _pick(self, e: E.Pick) -> tuple[str, int]:
        inside = ", ".join(self(term) for term in e.terms)
        return (f"\\{e.kind}\\left\\{{{inside}\\right\\}}" if self.tex else f"{e.kind}{{{inside}}}"), ATOM

    def _expect(self, e: E.Expect) -> tuple[str, int]:
        over = e.over.name
        inner = self(e.body)
        return (
            (f"\\mathbb{{E}}_{{{tex_name(over)}}}\\left[{inner}\\right]", ATOM)
            if self.tex
            else (f"E_{over}[{inner}]", ATOM)
        )

    def _coeff(self, e: E.Coeff) -> tuple[str, int]:
        power = self(E.Pow(e.var, E.Num(Fraction(e.order))))
        return f"[{power}]{' ' if not self.tex else chr(92) + ', '}{self(e.body, MUL)}", MUL

    def _diff(self, e: E.Diff) -> tuple[str, int]:
        var = self(e.var)
        if self.tex:
            order = f"^{{{e.order}}}" if e.order > 1 else ""
            out = f"\\frac{{\\partial{order}}}{{\\partial {var}{order}}} {self(e.body, MUL)}"
            return (f"\\left.{out}\\right|_{{{var}=0}}" if e.at_zero else out), MUL
        order = {1: "", 2: "²", 3: "³"}.get(e.order, f"^{e.order}")
        out = f"∂{order}/∂{var}{order} {self(e.body, MUL)}"
        return (f"{out} |_{{{var}=0}}" if e.at_zero else out), MUL

    def _grad(self, e: E.Grad) -> tuple[str, int]:
        return f"{chr(92) + 'nabla' if self.tex else '∇'}{self.sub(self(e.letter))} {self(e.body, MUL)}", MUL

    # -- propositions ------------------------------------------------------------------------------
    def _rel(self, e: Any) -> tuple[str, int]:
        return f"{self(e.left)} {RELATIONS[e.op] if self.tex else e.op} {self(e.right)}", 0

    def joined(self, e: Any, terms: Sequence[E.Expr], tex: str, text: str) -> tuple[str, int]:
        """Propositions side by side; what is tied less tightly, or reaches on, is put in brackets."""
        rank = LOOSE.get(type(e).__name__, 0)
        shown = []
        for place, t in enumerate(terms, 1):
            name = type(t).__name__
            loose = LOOSE.get(name, TIGHT) <= rank or (name in ("Exists", "ForAll") and place < len(terms))
            shown.append(self.parens(self(t)) if loose else self(t))
        return f" {tex if self.tex else text} ".join(shown) or ("\\top" if self.tex else "⊤"), 0

    def _and(self, e: Any) -> tuple[str, int]:
        return self.joined(e, e.terms, r"\land", "∧")

    def _or(self, e: Any) -> tuple[str, int]:
        return self.joined(e, e.terms, r"\lor", "∨")

    def _implies(self, e: Any) -> tuple[str, int]:
        return self.joined(e, (e.premise, e.conclusion), r"\implies", "⇒")

    def _iff(self, e: Any) -> tuple[str, int]:
        return self.joined(e, (e.left, e.right), r"\iff", "⇔")

    def _every(self, e: Any) -> tuple[str, int]:
        at_most = r"\le" if self.tex else "≤"
        over = f"{self(e.lo)} {at_most} {self(e.var)} {at_most} {self(e.hi)}"
        body = self(e.body) if type(e.body).__name__ in CLOSED else self.parens(self(e.body))
        return (rf"{body} \quad \text{{for }} {over}" if self.tex else f"{body} for {over}"), 0

    def _fades(self, e: Any) -> tuple[str, int]:
        to = r"\to 0 \quad \text{as }" if self.tex else "→ 0 as"
        infinity = r"\to \infty" if self.tex else "→ ∞"
        return f"{self(e.body, MUL)} {to} {self(e.var)} {infinity}", 0

    def _reaches(self, e: Any) -> tuple[str, int]:
        dot, minus, to = (r"\dot ", "-", r"\to") if self.tex else ("d/dt ", "−", "→")
        nabla = r"\nabla" if self.tex else "∇"
        moves = [f"{dot}{self(w)} = {minus}{nabla}{self.sub(self(w))} L" for w in e.letters]
        ends = zip(map(self, e.letters), e.start, e.limit, strict=True)
        goes = [f"{w}(0) = {self(x)}, {w}(t) {to} {self(y)}" for w, x, y in ends]
        return ", ".join((*moves, *goes, f"L = {self(e.loss)}")), 0

    def quantified(self, sign: str, e: Any) -> tuple[str, int]:
        return f"{sign} {self.bound(e.var)}: {self(e.body)}", 0

    def bound(self, x: Any) -> str:
        """A name that a quantifier binds, and what is known of its values: whole numbers, traits of matrices."""
        if isinstance(x, E.Sym) and x.sort == E.Sort.INTEGER:
            return self.name(x) + (r" \in \mathbb{Z}" if self.tex else " ∈ ℤ")
        traits = ", ".join(sorted(getattr(x, "traits", ())))
        said = rf"\text{{ {traits}}}" if self.tex else f" {traits}"
        return self.name(x) + (said if traits else "")

    def _exists(self, e: Any) -> tuple[str, int]:
        return self.quantified(r"\exists" if self.tex else "∃", e)

    def _forall(self, e: Any) -> tuple[str, int]:
        return self.quantified(r"\forall" if self.tex else "∀", e)


_LATEX, _TEXT = Printer(True), Printer(False)
RELATIONS = {
    "=": "=",
    "≠": r"\neq",
    "≤": r"\le",
    "<": "<",
    "≥": r"\ge",
    ">": ">",
    "⪰": r"\succeq",
    "≻": r"\succ",
}


def latex(e: E.Expr) -> str:
    """LaTeX of an expression.

    Examples
    --------
    >>> from proofs.kernel.expressions import Letter, Tr, size
    >>> print(latex(Tr(Letter("W1", size("k"), size("m")).T @ Letter("W1", size("k"), size("m")))))
    \\operatorname{Tr}\\left(W_{1}^{\\top} W_{1}\\right)
    """
    with E.as_printed():  # what is refuted by its shapes is printed too
        return _LATEX(e)


def text(e: E.Expr) -> str:
    """One line of Unicode.

    Examples
    --------
    >>> from proofs.kernel.expressions import Family, Num, Sym
    >>> ν, i, j = Family("ν"), Sym("i"), Sym("j")
    >>> print(text(2 * (ν[j] - ν[i]) ** 2))
    2(ν_j − ν_i)²
    """
    with E.as_printed():
        return _TEXT(e)


E.PRINTERS.update(text=text, latex=latex)
