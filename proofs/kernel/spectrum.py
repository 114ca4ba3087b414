"""Eigenvalues of symmetric matrices and of Hessians: the spectral theorem, as rules about quadratic forms.

A Hessian is its quadratic form: the second derivative of the loss along straight lines through the point. Of the
eigenvalues, ``null`` zeros may be left out; pairwise orthogonal directions n_1, …, n_null, none of them 0, along which
H vanishes, say which: the eigenvalues that are left are those of H on their orthogonal complement.

Main results
    HessianAt, Extreme    the Hessian of a loss at a point; s_max, s_min and cond of a symmetric matrix
    Block                 VᵀHV for a Hessian H and few directions, the columns of V
    form, length          vᵀHv, and ‖v‖² less the squares of the coordinates along null directions
    rayleigh              s_min ‖v‖² ≤ vᵀHv ≤ s_max ‖v‖²
    extremal              c ‖v‖² ≤ vᵀHv for every v gives c ≤ s_min
    conditioned           cond = s_max/s_min where s_min > 0
    absolute              of a positive semi-definite matrix singular values are eigenvalues
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import free, renewed, rules_of, substitute
from proofs.kernel.expressions import Expr, Letter, Num, Sym, lift
from proofs.kernel.meaning import RULES, Meaning, index_of
from proofs.kernel.propositions import ONE, ZERO, Every, Rel
from proofs.kernel.rules import Said, opened, relation, same, want
from proofs.kernel.tensor import Facts, Polynomial
from proofs.kernel.textbook import fact
from proofs.kernel.theorem import Theorem, rule

Vector = tuple[Expr, ...]
"""A direction: a change of each weight, or one column."""


@dataclass(frozen=True, eq=False)
class HessianAt(Expr):
    """The Hessian of a loss by the first ``weights`` letters, where all letters take the given values."""

    loss: Expr = field(metadata=E.LEAF)
    letters: tuple[Letter, ...] = field(metadata=E.LEAF)
    values: tuple[Expr, ...] = ()
    size: Any = field(metadata=E.LEAF, default=None)
    weights: int = field(metadata=E.LEAF, default=2)
    costly = True

    def __post_init__(self) -> None:
        if any(w.traits or w.noise is not None for w in self.letters) or not self.loss.is_scalar:
            E.misfit("a Hessian by letters that are not free, or of no number")
        if [w.shape for w in self.letters] != [v.shape for v in self.values]:
            E.misfit("a Hessian at values that are not as many as letters, or of other shapes")
        count = E.add(*(lift(w.rows) * lift(w.cols) for w in self.letters[: self.weights]))
        own = Meaning(Facts())  # another one may be at work on what holds this Hessian
        if self.size is not None and own.normal(own.value(self.size - count)):
            E.misfit(f"a Hessian of size {self.size} by {count} weights")

    @property
    def shape(self) -> E.Shape:
        return (self.size, self.size)

    @property
    def stands_for(self) -> tuple[Expr, ...]:
        """The second derivative along a line."""
        return (form(self, tuple(Letter(f"°{w.name}", w.rows, w.cols) for w in self.letters[: self.weights])),)

    def along(self, path: Sequence[Expr]) -> Expr:
        """The loss where the first letters follow a path."""
        at = (*path, *self.values[len(path) :])
        return substitute(self.loss, dict(zip(self.letters, at, strict=True)))

    def moved(self, *steps: tuple[Expr, Vector]) -> Expr:
        """The loss at the point plus multiples of directions."""
        here = self.values[: self.weights]
        return self.along([E.add(v, *(t * z[place] for t, z in steps)) for place, v in enumerate(here)])


@dataclass(frozen=True, eq=False)
class Block(Expr):
    """VᵀHV: the second derivatives of a loss along few directions, each a change of every weight."""

    hessian: HessianAt
    changes: tuple[Expr, ...] = ()
    costly = True

    def __post_init__(self) -> None:
        shapes = [w.shape for w in self.hessian.letters[: self.hessian.weights]]
        if any([x.shape for x in v] != shapes for v in self.directions):
            E.misfit("directions of other shapes than the weights")

    @property
    def stands_for(self) -> tuple[Expr, ...]:
        """Its entries."""
        size = range(len(self.directions))
        return tuple(self.entry(a, b) for a in size for b in size[a:])

    @property
    def directions(self) -> tuple[Vector, ...]:
        """The columns of V."""
        count = self.hessian.weights
        return tuple(self.changes[at : at + count] for at in range(0, len(self.changes), count))

    @property
    def shape(self) -> E.Shape:
        return (len(self.directions),) * 2

    def entry(self, a: int, b: int) -> Expr:
        """An entry, from 0."""
        return mixed(self.hessian, self.directions[a], self.directions[b])


def block(m: Meaning, e: Block) -> Polynomial:
    """Second derivatives do not depend on their order."""
    size = range(len(e.directions))
    upper = {(a, b): e.entry(a, b) for a in size for b in size[a:]}
    return m.written([[upper[min(a, b), max(a, b)] for b in size] for a in size])


RULES[Block] = block


@dataclass(frozen=True, eq=False)
class Extreme(Expr):
    """s_max, s_min or cond of a symmetric matrix, without ``null`` eigenvalues 0; of its singular values."""

    smooth = False
    kind: str
    matrix: Expr
    null: Any = field(metadata=E.LEAF, default=0)
    singular: bool = False

    def __post_init__(self) -> None:
        square = len(self.matrix.shape) == 2 and (self.singular or self.matrix.shape[0] == self.matrix.shape[1])
        if self.kind not in ("s_max", "s_min", "cond") or not square:
            E.misfit(f"{self.kind} of {self.matrix} [{E.shape_text(self.matrix.shape)}]")


# -- quadratic forms -------------------------------------------------------------------------------


def form(matrix: Expr, v: Vector) -> Expr:
    """vᵀHv."""
    h = opened(matrix)
    if not isinstance(h, HessianAt):
        return E.Tr(v[0].T @ matrix @ v[0])
    t = unused("t", *v, *h.values, h.loss)
    return E.Diff(h.moved((t, v)), t, 2, True)


def unused(name: str, *among: Expr) -> Sym:
    """A real that is not among the free ones."""
    return renewed(Sym(name), frozenset().union(*map(free, among)) | {Sym(name)})


def total(terms: Sequence[Expr]) -> Expr:
    return terms[0] if len(terms) == 1 else E.add(*terms)


def inner(v: Vector, w: Vector) -> Expr:
    return total([E.Inner(a, b) for a, b in zip(v, w, strict=True)])


def square(v: Vector) -> Expr:
    return total([E.SqNorm(x) for x in v])


@dataclass(frozen=True)
class Null:
    """Directions n_i, 1 ≤ i ≤ null, and the squares of their lengths."""

    i: Sym
    at: Vector
    size: Expr


def length(e: Expr, v: Vector, null: Null | None = None) -> Expr:
    """‖v‖², or Σ_i ⟨n_i, v⟩²/‖n_i‖² less."""
    if null is None:
        return square(v)
    want(not any(null.i in free(x) for x in v), f"{null.i} stands for an index of null directions")
    count = lift(opened(e).null)  # type: ignore[attr-defined]
    return square(v) - E.Sum(null.i, ONE, count, inner(null.at, v) ** 2 / null.size)


def mixed(h: HessianAt, v: Vector, w: Vector) -> Expr:
    """vᵀHw."""
    s, t = unused("s", *v, *w, *h.values, h.loss), unused("t", *v, *w, *h.values, h.loss)
    return E.Coeff(E.Coeff(h.moved((s, v), (t, w)), s, 1), t, 1)


def null_directions(e: Expr, null: Null, z: Vector, j: Sym) -> tuple[Expr, ...]:
    """What makes the n_i null directions, z being any direction: Hn_i = 0, n_i ≠ 0, n_i ⟂ n_j."""
    x: Any = opened(e)
    count, at_j = lift(x.null), tuple(substitute(a, {null.i: j}) for a in null.at)
    return (
        Every(null.i, ONE, count, Rel(mixed(opened(x.matrix), null.at, z), "=", ZERO)),  # type: ignore[arg-type]
        Every(null.i, ONE, count, Rel(square(null.at), "=", null.size)),
        Every(null.i, ONE, count, Rel(null.size, ">", ZERO)),
        Every(null.i, ONE, count, Every(j, ONE, null.i - 1, Rel(inner(null.at, at_j), "=", ZERO))),
    )


# -- what the rules ask for ------------------------------------------------------------------------

SMOOTH = (
    *(Num, Sym, E.Item, E.Add, E.Mul, E.Named, Letter, E.Eye, E.Zero, E.Diag, E.Proj, E.Basis, E.First, E.T),
    *(E.MaxMask, E.LowerMask, E.Tr, E.SqNorm, E.Inner, E.Entry, E.Sum),
)


def polynomial(e: Expr, letters: frozenset[Letter]) -> bool:
    """Whether an expression is a polynomial in the entries of letters."""
    if not letters & free(e):
        return True
    if isinstance(e, E.Pow):
        exponent = e.exponent
        whole = isinstance(exponent, Num) and exponent.value.denominator == 1 and exponent.value >= 0
        return whole and polynomial(e.base, letters)
    return isinstance(e, SMOOTH) and all(polynomial(c, letters) for c in (*e.children(), *rules_of(e)))


def symmetric(matrix: Expr, known: Theorem | None) -> None:
    """Refuse what is not known to be a symmetric matrix: a Hessian of a polynomial is."""
    h = opened(matrix)
    if isinstance(h, HessianAt):
        weights = h.letters[: h.weights]
        want(len(set(h.letters)) == len(h.letters) and weights, "a letter twice, or none")
        want(polynomial(h.loss, frozenset(weights)), "a loss that is no polynomial in the weights")
        return
    want(matrix.shape and matrix.shape[0] == matrix.shape[1], "no square matrix")
    told = known is not None and same(known.says, Rel(matrix, "=", matrix.T))
    want(
        told or (isinstance(h, Letter) and h.traits & {"symmetric", "psd", "pd"}), "a matrix that may not be symmetric"
    )


def direction(matrix: Expr, v: Vector) -> None:
    """Refuse what is no direction of a matrix."""
    h = opened(matrix)
    shapes = [w.shape for w in h.letters[: h.weights]] if isinstance(h, HessianAt) else [(matrix.shape[0], 1)]
    want([x.shape for x in v] == shapes, "a direction of other shapes")


def anything(v: Vector, *elsewhere: Expr) -> None:
    """Refuse letters that do not stand for every direction."""
    letters = all(isinstance(x, Letter) and not x.traits and x.noise is None for x in v)
    want(letters and len(set(v)) == len(v), "not any direction")
    want(not any(x in free(p) for x in v for p in elsewhere), "a direction that something else is said of")


def extreme(e: Expr, kinds: Sequence[str]) -> Extreme:
    x = opened(e)
    want(isinstance(x, Extreme) and x.kind in kinds and not x.singular, f"{e} is none of {', '.join(kinds)}")
    return x  # type: ignore[return-value]


def left_out(e: Expr, null: Null | None, z: Vector, known: Sequence[Theorem]) -> None:
    """Refuse null directions that are not known to be ones, as many as eigenvalues are left out."""
    x: Any = opened(e)
    if null is None:
        want(same(lift(x.null), ZERO), "null directions are left out")
        return
    h = opened(x.matrix)
    want(isinstance(h, HessianAt), "null directions of a Hessian")
    direction(h, null.at)
    direction(h, z)
    index_of(lift(x.null))
    want(null.i.sort == E.Sort.INTEGER and null.i not in free(e), f"{null.i} is not new")
    j = E.integer("j") if null.i != E.integer("j") else E.integer("i")
    want(null.size.is_scalar, "the square of a length is a number")
    want(j not in frozenset().union(free(e), *map(free, (*null.at, null.size))), f"{j} is not new")
    for p in null_directions(e, null, z, j):
        found = next((t for t in known if same(t.says, p)), None)
        want(found, f"{p} is not known")
        anything(z, e, *null.at, *found.given)  # type: ignore[union-attr]


# -- rules -----------------------------------------------------------------------------------------

spectral = fact(
    "spectral theorem",
    "A real symmetric matrix has an orthonormal basis of eigenvectors, with real eigenvalues; vᵀMv/vᵀv lies between "
    "the least and the greatest of them.",
    "Horn and Johnson, Matrix Analysis, 2nd edition, 2013, Theorems 2.5.6 and 4.2.2",
)


@spectral
def rayleigh(
    e: Expr,
    v: Vector,
    known: tuple[Theorem, ...] = (),
    even: Theorem | None = None,
    null: Null | None = None,
    z: Vector = (),
    rising: Theorem | None = None,
) -> Said:
    """s_min ‖v‖² ≤ vᵀMv and vᵀMv ≤ s_max ‖v‖² for symmetric M.

    ‖v‖² is that off the null directions; for s_max, where vᵀMv > 0, the whole.

    Proof. M is symmetric and maps the null directions to 0, so that it maps their orthogonal complement into itself;
    s_min and s_max are its extreme eigenvalues there. Let u be the part of v in the complement: vᵀMv = uᵀMu, and ‖u‖² =
    ‖v‖² − Σ_i ⟨n_i, v⟩²/‖n_i‖². In an orthonormal basis of eigenvectors uᵀMu = Σ μ_a c_a² with Σ c_a² = ‖u‖². Where
    vᵀMv > 0, s_max > 0, and ‖v‖ ≥ ‖u‖.
    """
    x = extreme(e, ("s_min", "s_max"))
    symmetric(x.matrix, even)
    direction(x.matrix, v)
    left_out(e, null, z, known)
    curvature = form(x.matrix, v)
    if rising is not None:
        want(x.kind == "s_max" and same(rising.says, Rel(curvature, ">", ZERO)), f"{rising.says} does not help")
        return [], Rel(e * square(v), "≥", curvature)
    return [], Rel(e * length(e, v, null), "≤" if x.kind == "s_min" else "≥", curvature)


@spectral
def extremal(
    e: Expr,
    bound: Expr,
    t: Theorem,
    v: Vector,
    some: Theorem,
    known: tuple[Theorem, ...] = (),
    even: Theorem | None = None,
    null: Null | None = None,
    z: Vector = (),
) -> Said:
    """From c ‖v‖² ≤ vᵀMv for every v: c ≤ s_min; from c ‖v‖² ≥ vᵀMv: c ≥ s_max; for some w, ‖w‖² > 0.

    Proof. As ‖w‖² > 0 off the null directions, their orthogonal complement is not {0}, and has an eigenvector v of M
    for s_min. The bound, which does not depend on v, holds for this one: c ‖v‖² ≤ vᵀMv = s_min ‖v‖². Divide by ‖v‖² >
    0; likewise for s_max.
    """
    x = extreme(e, ("s_min", "s_max"))
    symmetric(x.matrix, even)
    direction(x.matrix, v)
    left_out(e, null, z, known)
    anything(v, bound, e, *t.given, *(null.at if null else ()))
    says = Rel(bound * length(e, v, null), "≤" if x.kind == "s_min" else "≥", form(x.matrix, v))
    want(same(t.says, says), f"{t.says} is not {says}")
    s = relation(some, ">")
    w = directions_in(s.left, v)
    want(same(s, Rel(length(e, w, null), ">", ZERO)), f"{s} does not say that there is a direction")
    direction(x.matrix, w)
    return [], Rel(e, "≥" if x.kind == "s_min" else "≤", bound)


def directions_in(e: Expr, like: Vector) -> Vector:
    """The direction whose length an expression is."""
    terms = e.terms if isinstance(e, E.Add) else (e,)
    found = tuple(t.arg for t in terms[: len(like)] if isinstance(t, E.SqNorm))
    want(len(found) == len(like), f"{e} is no length")
    return found


@rule()
def conditioned(e: Expr, t: Theorem) -> Said:
    """From s_min > 0: cond = s_max/s_min.

    Proof. cond is the largest of the magnitudes of the eigenvalues, divided by the smallest. Where the least eigenvalue
    is positive, these are the eigenvalues themselves, and the divisor is not 0.
    """
    x = extreme(e, ("cond",))
    least = Extreme("s_min", x.matrix, x.null)
    want(same(t.says, Rel(least, ">", ZERO)), "the least eigenvalue may not be positive")
    return [], Rel(e, "=", Extreme("s_max", x.matrix, x.null) / least)


@rule()
def absolute(e: Expr) -> Said:
    """The singular values of a positive semi-definite matrix are its eigenvalues.

    Proof. The singular values of M are the roots of the eigenvalues of MᵀM = M², which are the squares of those of M.
    As none of these is negative, the root of the square is the number itself.
    """
    x = opened(e)
    want(isinstance(x, Extreme) and x.singular, "no extreme singular value")
    matrix = opened(x.matrix)  # type: ignore[attr-defined]
    want(isinstance(matrix, Letter) and matrix.traits & {"psd", "pd"}, "a matrix that may have negative eigenvalues")
    return [], Rel(e, "=", Extreme(x.kind, x.matrix, x.null))  # type: ignore[attr-defined]
