"""Propositions as Coq text: plain MathComp, as a mathematician writes it.

Comparisons of integers are of natural numbers, with what is subtracted on one side added on the other; relations of
reals and of matrices are MathComp's, ⪰ and ≻ those of ``proofs/coq/Order.v``.

Main results
    Writer      propositions as text, and the computations that a step of a proof needs
    indices     both sides of a comparison of integers
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from proofs.export.coq import HALF, CoqLemma, Lacking, Pair, differs
from proofs.kernel import expressions as E
from proofs.kernel.binding import free, member, plain, substitute
from proofs.kernel.expressions import Expr, Letter, Sort, Sym, lift
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import And, Every, Exists, ForAll, Iff, Implies, Or, Rel
from proofs.kernel.spectrum import Extreme
from proofs.kernel.tensor import Index, Undecided

TURNED = {"≥": "≤", ">": "<"}
REAL = {"≤": "<=", "≠": "!="}
DEFAULT = {"nat": "0%N", "nat -> R": "(fun=> 0)"}
"""What a name stands for where a step leaves it."""
NATURAL = {"≤": "<=", "<": "<", "=": "=", "≠": "!="}


# -- propositions ----------------------------------------------------------------------------------


def indices(r: Expr) -> tuple[Index, Index] | None:
    """Both sides of a comparison of integers, as base and offset."""
    if not isinstance(r, Rel) or not r.left.is_scalar:
        return None
    try:
        sides = index_of(r.left), index_of(r.right)
    except Undecided:
        return None
    return sides if all(base[0] in (0, 1) for base, _ in sides) else None


@dataclass
class Writer(CoqLemma):
    """Propositions as text; and, in a proof, the computations that a step needs, with what they suppose."""

    ready: list[str] = field(default_factory=list)  # what is shown before the computation

    def suppose(self, text: str) -> str:
        self.ready.append(f"have Y{len(self.ready)} : {text} by settle.")
        return f"Y{len(self.ready) - 1}"

    def natural(self, least: set[Any]) -> None:
        """A step is of natural numbers; whether those of a claim may be negative is asked of its theorem."""

    def matrix(self, e: Expr) -> Pair:
        if isinstance(e, E.Eye | E.Zero):
            return (super().matrix(e)[0], f"({'1%:M' if isinstance(e, E.Eye) else '0'} : {self.sort(e)})")
        return super().matrix(e)

    def reciprocal(self, base: Expr) -> Pair:
        """1/D: z with D z = 1, where D ≠ 0 is known; 1/√D is √D/D."""
        if isinstance(base, E.Pow) and base.exponent == HALF:
            return self.reciprocal_of_root(base)
        given = isinstance(base, Sym) or self.not_zero(base)
        return self.valued("1/", base, "{}^-1", "(SM {deep} {z}) (SN 1)", "{} != 0 :> R", "mulfV", given)

    def reciprocal_of_root(self, root: Any) -> Pair:
        over = sorted((v for v in self.bound if v in free(root)), key=str)
        (deep, text), (other, inverse) = self.scalar(root), self.inverse(root.base)
        key = ("1/√", plain(substitute(root, {v: E.integer(f"•hole{n}") for n, v in enumerate(over)})))
        fresh, names = key not in self.scalars, " ".join(self.bound[v][1] for v in over)
        made = f"(fun {names} => {text}^-1)" if over else f"{text}^-1"
        found = self.atom(key, "", [self.index(v) for v in over], made)[0]
        if fresh:
            every = f"forall {names} : nat, " if over else ""
            self.ready.append(
                f"have Y{len(self.ready)} : {every}{text}^-1 = {text} * {inverse} :> R "
                "by intros; rewrite root_inverse ?invfM -?exprVn ?invrK ?invr1."
            )
            at = " ".join(f"(gv {self.bound[v][0]}%N)" for v in over)
            proof = f"valid; move=> gv _; exact_no_check (Y{len(self.ready) - 1} {at})"
            self.equations.append((f"QS [::] {found} (SM {deep} {other})", proof))
        return found, f"{text}^-1"

    def root(self, base: Expr) -> Pair:
        """√x is a number whose square is x, where x is not negative."""
        return self.valued("√", base, "(Num.sqrt {})", "(SM {z} {z}) {deep}", "0 <= {} :> R", "square_root", True)

    def valued(self, kind: str, base: Expr, term: str, equation: str, needs: str, lemma: str, given: bool) -> Pair:
        """A number that is defined by D, for each value of the indices that are bound in D; and its equation.

        Of one bound index the equation holds over the range for which something is known of the sign of D.
        """
        base = opened(base)
        over = sorted((v for v in self.bound if v in free(base)), key=str)
        deep, inner = self.scalar(base)
        key = (kind, plain(substitute(base, {v: E.integer(f"•hole{n}") for n, v in enumerate(over)})))
        fresh, names = key not in self.scalars, " ".join(self.bound[v][1] for v in over)
        text = term.format(inner)
        found = self.atom(key, "", [self.index(v) for v in over], f"(fun {names} => {text})" if over else text)[0]
        if fresh and not over and given:
            h = self.suppose(needs.format(inner))
            proof = f"valid; move=> gv _; exact_no_check ({lemma} {h})"
            self.equations.append((f"QS [::] {equation.format(deep=deep, z=found)}", proof))
        tells = differs if kind == "1/" else not_less
        for p in self.supposed if fresh and len(over) == 1 else ():
            if isinstance(p, Every) and tells(p.body, at := substitute(base, {over[0]: p.var})):
                with self.binding(p.var) as name:
                    deep, inner = self.scalar(at)
                    place = f"IB (BV {self.bound[p.var][0]})"
                (low, lo), (high, hi) = self.index(p.lo), self.index(p.hi)
                h = self.suppose(f"forall {name}, ({lo} <= {name})%N -> ({name} <= {hi})%N -> {needs.format(inner)}")
                of = equation.format(deep=deep, z=f"(SV {self.scalars[key][0]} [:: {place}])")
                proof = f"valid; move=> gv /= /and3P[h1 h2 _]; exact_no_check ({lemma} ({h} _ h1 h2))"
                self.equations.append((f"QS [:: ({low}, {place}); ({place}, {high})] {of}", proof))
                break
        return found, text

    def unit(self, a: Expr, text: str) -> str:
        """As the kernel: of a letter; what else an inverse is multiplied with stays as it is."""
        return super().unit(a, text) if isinstance(a, Letter) else ""

    def fractions(self) -> bool:
        """Whether something is divided by what is no letter."""
        kinds = {k[0] for k in self.scalars}
        return "1/√" not in kinds and any(
            k[0] == "1/" and isinstance(k[1], Expr) and not isinstance(k[1], Sym) for k in self.scalars
        )

    def of(self, e: Expr) -> Pair:
        return self.scalar(e) if e.is_scalar else self.matrix(e)

    def text(self, e: Expr) -> str:
        return self.of(e)[1]

    def says(self, p: Expr) -> str:
        """A proposition as text."""
        rule = PROPOSITIONS.get(type(p))
        if rule is None:
            raise Lacking(f"a proposition of kind {type(p).__name__}")
        return rule(self, p)

    def relation(self, r: Any) -> str:
        found = indices(r)
        if found is not None:
            return self.comparison(r.op, *found)
        op, left, right = r.op, r.left, r.right
        if op in TURNED:
            op, left, right = TURNED[op], right, left
        if r.left.is_scalar:
            return f"({self.text(left)} {REAL.get(op, op)} {self.text(right)} :> R)"
        sort = self.sort(left)
        if op in "⪰≻":
            kind = "semidefinite" if op == "⪰" else "definite"
            gap = self.text(left) if isinstance(right, E.Zero) else f"({self.text(left)} - {self.text(right)})"
            return f"({kind} ({gap} : {sort}))"
        return f"({self.text(left)} {'=' if op == '=' else '!='} {self.text(right)} :> {sort})"

    def comparison(self, op: str, i: Index, j: Index) -> str:
        """Of integers: what is subtracted on one side is added on the other."""
        if op in TURNED:
            op, i, j = TURNED[op], j, i
        up = max(-i[1], -j[1], 0)
        sides = [self.shifted((base, offset + up))[1] for base, offset in (i, j)]
        sort = " :> nat" if op == "=" else ""
        return f"({sides[0]} {NATURAL[op]} {sides[1]}{sort})%N"

    def sort(self, e: Any) -> str:
        return "'M[R]_({}, {})".format(*(self.size(s)[1] for s in e.shape)) if e.shape else "R"

    def every(self, p: Any) -> str:
        i = p.var
        low, high = Rel(p.lo, "≤", i), Rel(i, "≤", p.hi)
        if indices(low) is None or indices(high) is None:
            raise Lacking("a range of reals")
        if index_of(p.lo)[0] == (0,) and index_of(p.lo)[1] < 0:
            raise Lacking("a range from a negative index")
        with self.binding(i) as name:
            return f"(forall {name} : nat, {self.says(low)} -> {self.says(high)} -> {self.says(p.body)})"

    @contextmanager
    def binding(self, i: Sym) -> Iterator[str]:
        """A bound index, for a while."""
        self.count += 1
        before, name = self.bound.get(i), self.named(("b", self.count), f"{i.name}_{self.count}")
        self.bound[i] = (self.count, name)
        yield name
        del self.bound[i]
        if before is not None:
            self.bound[i] = before

    def quantified(self, p: Any) -> str:
        x, word = p.var, "exists" if isinstance(p, Exists) else "forall"
        name, sort = self.variable(x)
        traits = self.traits(x, name) if isinstance(x, Letter) else []
        body = self.says(p.body)
        link = " /\\ " if word == "exists" else " -> "
        return f"({word} {name} : {sort}, {link.join([*traits, body])})"

    def variable(self, x: Any) -> Pair:
        """The name and the sort of a free symbol, letter or family."""
        if isinstance(x, Letter):
            if x.noise is not None:
                raise Lacking("a random letter")
            return self.named(("L", x), x.name), self.sort(x)
        if isinstance(x, E.Family):
            if x.random is not None or x.define or x.tail:
                raise Lacking("a family of weights or draws")
            return self.named(("f", x.name, str(x.length)), x.name), "nat -> R"
        if isinstance(x, Extreme):
            return self.text(x), "R"
        if x.sort == Sort.INTEGER:
            return self.named(("n", x.name), x.name), "nat"
        return self.named(("x", x.name), x.name), "R"

    def traits(self, x: Letter, name: str) -> list[str]:
        """What is declared of a letter."""
        said = {
            "symmetric": f"{name}^T = {name}",
            "orthonormal": f"{name}^T *m {name} = 1%:M",
            "psd": f"semidefinite {name}",
            "pd": f"definite {name}",
            "diagonal": f"is_diag_mx {name}",
            "skew": f"{name}^T = - {name}",
        }
        return [said[t] for t in sorted(x.traits)]


def opened(e: Any) -> Expr:
    """Without the names of definitions, and of families that are defined."""
    while isinstance(e, E.Named) or (isinstance(e, E.Item) and e.family.define is not None):
        e = e.body if isinstance(e, E.Named) else member(e)
    return e


def not_less(p: Expr, x: Expr) -> bool:
    """Whether a relation says that a number is not less than 0."""
    if not isinstance(p, Rel) or p.op not in "≤<≥>" or not p.left.is_scalar:
        return False
    low, high = (p.right, p.left) if p.op in TURNED else (p.left, p.right)
    return plain(x) == plain(high if low == lift(0) else high - low)


def joined(word: str) -> Callable[[Writer, Any], str]:
    def text(w: Writer, p: Any) -> str:
        *first, last = map(w.says, p.terms)
        for t in reversed(first):
            last = f"({t} {word} {last})"
        return last

    return text


PROPOSITIONS: dict[type, Callable[[Writer, Any], str]] = {
    Rel: Writer.relation,
    And: joined("/\\"),
    Or: joined("\\/"),
    Implies: lambda w, p: f"({w.says(p.premise)} -> {w.says(p.conclusion)})",
    Iff: lambda w, p: f"({w.says(p.left)} <-> {w.says(p.right)})",
    Every: Writer.every,
    Exists: Writer.quantified,
    ForAll: Writer.quantified,
}


def natural(x: Any) -> bool:
    return isinstance(x, Sym) and x.sort == Sort.INTEGER


def sort_of(w: Writer, shape: E.Shape) -> str:
    return "'M[R]_({}, {})".format(*(w.size(s)[1] for s in shape)) if shape else "R"
