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

from proofs.export.coq import CoqLemma, Lacking, Pair
from proofs.kernel import expressions as E
from proofs.kernel.binding import free, member, plain, substitute
from proofs.kernel.expressions import Expr, Letter, Sort, Sym, lift
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import And, Every, Exists, ForAll, Iff, Implies, Or, Rel
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
        """Of a sum: a number for each value of the indices that are bound in it."""
        base = opened(base)
        over = sorted((v for v in self.bound if v in free(base)), key=str)
        if self.said_of_all(base, over, "≠><"):
            return super().reciprocal(base)
        text = self.scalar(base)[1]
        key = ("1/", plain(substitute(base, {v: E.integer(f"•hole{n}") for n, v in enumerate(over)})))
        fresh = key not in self.scalars
        made = f"(fun {' '.join(self.bound[v][1] for v in over)} => {text}^-1)" if over else f"{text}^-1"
        found = self.atom(key, "", [self.index(v) for v in over], made)[0]
        if fresh and not over and (isinstance(base, Sym) or self.not_zero(base)):
            h = self.suppose(f"{text} != 0 :> R")
            deep = self.scalar(base)[0]
            self.equations.append(
                (f"QS [::] (SM {deep} {found}) (SN 1)", f"valid; move=> gv _; exact_no_check (mulfV {h})")
            )
        return found, f"{text}^-1"

    def root(self, base: Expr) -> Pair:
        """√x is a number whose square is x, where x is not negative."""
        base = opened(base)
        over = sorted((v for v in self.bound if v in free(base)), key=str)
        if self.said_of_all(base, over, "≥>"):
            return super().root(base)
        key = ("√", plain(substitute(base, {v: E.integer(f"•hole{n}") for n, v in enumerate(over)})))
        deep, inner = self.scalar(base)
        fresh = key not in self.scalars
        names = " ".join(self.bound[v][1] for v in over)
        text = f"(Num.sqrt {inner})"
        found = self.atom(key, "", [self.index(v) for v in over], f"(fun {names} => {text})" if over else text)[0]
        if fresh and not over:
            h = self.suppose(f"0 <= {inner} :> R")
            self.equations.append(
                (f"QS [::] (SM {found} {found}) {deep}", f"valid; move=> gv _; exact_no_check (square_root {h})")
            )
        return found, text

    def said_of_all(self, e: Expr, over: list[Expr], ops: str) -> bool:
        """Whether the sign of a number is known wherever the one index runs that is bound in it."""
        if len(over) != 1 or over[0] not in self.ranges:
            return False
        every: list[Any] = [p for p in self.supposed if isinstance(p, Every) and isinstance(p.body, Rel)]
        said = [p for p in every if p.body.op in ops and p.body.right == lift(0)]
        return any(plain(substitute(p.body.left, {p.var: over[0]})) == plain(e) for p in said)

    def unit(self, a: Expr, text: str) -> str:
        """As the kernel: of a letter; what else an inverse is multiplied with stays as it is."""
        return super().unit(a, text) if isinstance(a, Letter) else ""

    def fractions(self) -> bool:
        """Whether something is divided by what is no letter."""
        return any(k[0] == "1/" and isinstance(k[1], Expr) and not isinstance(k[1], Sym) for k in self.scalars)

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
