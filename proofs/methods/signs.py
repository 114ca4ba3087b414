"""Signs that can be read off an expression: sums of squares, Gram matrices, weights that the hypotheses make positive.

Main results
    Signs    ``positive``, ``nonnegative``, ``nonzero`` scalars and positive semi-definite matrices, under hypotheses
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from proofs.algebra import normal
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    ANY,
    Add,
    Basis,
    Diag,
    Expr,
    Eye,
    Family,
    Item,
    Letter,
    Mul,
    Named,
    Num,
    Pow,
    SqNorm,
    Sym,
    T,
    Tr,
)
from proofs.kernel.propositions import Every, Rel

SIZES = ("k", "m", "n", "p")


@dataclass(frozen=True)
class Signs:
    """What the hypotheses say about signs; nothing is assumed that no hypothesis states."""

    given: Sequence[Hypothesis]

    def relations(self) -> Iterator[Rel]:
        for h in self.given:
            for r in h.relations:
                yield r.body if isinstance(r, Every) else r

    def positive(self, e: Expr) -> bool:
        if isinstance(e, Num):
            return e.value > 0
        if isinstance(e, Sym) and e.name in SIZES:
            return True
        if isinstance(e, Sym | Item) and any(self.states_positive(r, e) for r in self.relations()):
            return True
        if isinstance(e, Item) and self.monotone(e.family) and self.positive_at_its_least(e.family):
            return True
        if isinstance(e, Pow):
            return e.is_scalar and self.positive(e.base)
        parts = e.terms if isinstance(e, Add) else e.factors if isinstance(e, Mul) else ()
        if e.is_scalar and parts and all(map(self.positive, parts)):
            return True
        return e.is_scalar and isinstance(e, Add) and any(normal.equal(e, d) for d in self.stated_differences())

    def stated_differences(self) -> list[Expr]:
        """left − right of every stated left > right or right < left."""
        strict = [r if r.op == ">" else Rel(r.right, ">", r.left) for r in self.relations() if r.op in "<>"]
        return [r.left - r.right for r in strict]

    def states_positive(self, r: Rel, e: Expr) -> bool:
        if r.op != ">" or not isinstance(r.right, Num) or r.right.value < 0:
            return False
        same_family = isinstance(r.left, Item) and isinstance(e, Item) and r.left.family == e.family
        return r.left == e or (same_family and isinstance(r.left.index, Sym))  # type: ignore[attr-defined]

    def monotone(self, family: Family) -> int:
        """1 if a hypothesis orders f[1] < f[2] < …, −1 for the other order, 0 if none does."""
        for h in self.given:
            for r in h.relations:
                if not isinstance(r, Every) or r.body.op != ">":
                    continue
                for direction in (1, -1):
                    pair = (r.body.left, r.body.right)[::direction]
                    if pair == (family[r.var + 1], family[r.var]):
                        return direction
        return 0

    def positive_at_its_least(self, family: Family) -> bool:
        """Whether the least member of a monotone family is stated to be positive: the first, or the last by name."""
        increasing = self.monotone(family) == 1
        return any(
            r.op == ">"
            and r.right == Num(Fraction(0))
            and isinstance(r.left, Item)
            and r.left.family == family
            and (r.left.index == Num(Fraction(1))) == increasing
            for r in self.relations()
        )

    def differ(self, e: Expr) -> bool:
        """Whether e is f[a]^p − f[b]^p with different indices of a monotone positive family."""
        if not (isinstance(e, Add) and len(e.terms) == 2):
            return False
        a, b = e.terms[0], opposite(e.terms[1])
        if isinstance(a, Pow) and isinstance(b, Pow) and a.exponent == b.exponent:
            a, b = a.base, b.base
        same = isinstance(a, Item) and isinstance(b, Item) and a.family == b.family
        return same and a.index != b.index and self.positive(a) and self.monotone(a.family) != 0  # type: ignore[attr-defined]

    def nonnegative(self, e: Expr) -> bool:
        if isinstance(e, SqNorm) or self.positive(e):
            return True
        if isinstance(e, Num):
            return e.value >= 0
        if isinstance(e, Pow):
            return isinstance(e.exponent, Num) and e.exponent.value % 2 == 0
        if isinstance(e, Tr):
            return self.semidefinite(e.arg)
        parts = e.terms if isinstance(e, Add) else e.factors if isinstance(e, Mul) and e.is_scalar else ()
        return bool(parts) and all(map(self.nonnegative, parts))

    def nonzero(self, e: Expr) -> bool:
        """Positive, or up to sign a difference that the hypotheses say is not zero."""
        if self.positive(e) or self.differ(e):
            return True
        if isinstance(e, Mul):
            return all(map(self.nonzero, e.factors))
        differences = [r.left - r.right for r in self.relations() if r.op in ("≠", "<", ">")]
        return e.is_scalar and any(normal.equal(e, d) or normal.equal(e, -d) for d in differences)

    def semidefinite(self, e: Expr) -> bool:
        """A sum of nonnegative multiples of B Bᵀ and B C Bᵀ with C diagonal and nonnegative, or semi-definite."""
        if isinstance(e, Add):
            return all(map(self.semidefinite, e.terms))
        factors = unfold(e)
        scalars = [f for f in factors if f.is_scalar]
        matrices = [f for f in factors if not f.is_scalar]
        half, odd = divmod(len(matrices), 2)
        mirrored = all(transposed(a) == b for a, b in zip(matrices[:half], matrices[::-1], strict=False))
        middle = not odd or self.semidefinite_factor(matrices[half])
        return bool(matrices) and mirrored and middle and all(map(self.nonnegative, scalars))

    def semidefinite_factor(self, e: Expr) -> bool:
        if isinstance(e, Diag):
            return self.positive(e.family[ANY])
        if isinstance(e, Letter):
            return bool(e.traits & {"psd", "pd"})
        return isinstance(e, Eye)

    def definite(self, e: Expr, gap: Expr) -> bool:
        """Whether e = 0 forces gap = 0: e is gap, a non-zero multiple of it, or a sum of squares that holds it.

        A square of a row e_iᵀ gap counts: i is any index.
        """
        if e == gap or (isinstance(e, Pow) and e.base == gap and self.positive(e.exponent)):
            return True
        tail = gap.factors if isinstance(gap, Mul) else (gap,)
        if isinstance(e, Mul) and e.factors[-len(tail) :] == tail:
            return all(map(self.nonzero, e.factors[: -len(tail)]))
        terms = e.terms if isinstance(e, Add) else (e,)
        return all(map(self.nonnegative, terms)) and any(self.holds_square(t, gap) for t in terms)

    def holds_square(self, term: Expr, gap: Expr) -> bool:
        factors = term.factors if isinstance(term, Mul) else (term,)
        square = factors[-1]
        if not isinstance(square, SqNorm) or not all(map(self.positive, factors[:-1])):
            return False
        if square.arg == gap:
            return True
        inside = square.arg.factors if isinstance(square.arg, Mul) else ()
        row = len(inside) > 1 and isinstance(inside[0], T) and isinstance(inside[0].arg, Basis)
        return row and (inside[1] if len(inside) == 2 else Mul(inside[1:])) == gap


def opposite(e: Expr) -> Expr:
    """−e, with no product of one factor left."""
    negated = -e
    return negated.factors[0] if isinstance(negated, Mul) and len(negated.factors) == 1 else negated


def unfold(e: Expr) -> list[Expr]:
    """The factors of a product, definitions opened and transposes of products multiplied out."""
    if isinstance(e, Named):
        return unfold(e.body)
    if isinstance(e, T) and isinstance(e.arg, Mul | Named | T):
        inner = unfold(e.arg)
        return [f for f in inner if f.is_scalar] + [transposed(f) for f in reversed(inner) if not f.is_scalar]
    if isinstance(e, Mul):
        return [g for f in e.factors for g in unfold(f)]
    return [e]


def transposed(e: Expr) -> Expr:
    if isinstance(e, T):
        return e.arg
    symmetric = isinstance(e, Diag | Eye) or (isinstance(e, Letter) and bool(e.traits & {"symmetric", "psd", "pd"}))
    return e if symmetric else T(e)
