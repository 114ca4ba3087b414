"""Masks and tails in Coq: a family of tails is the sums of its weights.

f[i] = Σ_{b ≥ i} w[b] is ``\\sum_(i <= b < l + 1) w b``; of A ∘ (f[max(i, j)]), ``max_mask`` of ``proofs/coq/Matrix.v``,
the weights are given. Where f is defined in another way too, a theorem beside the claim's says that the definition
and the tails are the same.

Main results
    tail        a member of a family of tails
    max_mask    A ∘ (f[max(i, j)])
    agreement   what says that a family is that of its tails
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from proofs.export.lacking import Lacking
from proofs.kernel import expressions as E
from proofs.kernel.binding import opened, renewed, said
from proofs.kernel.expressions import Expr, Sym, integer, lift
from proofs.kernel.propositions import Rel

if TYPE_CHECKING:
    from proofs.export.coq import CoqLemma, Pair


def weights(f: E.Family, *besides: Expr) -> tuple[Sym, Expr]:
    """An index, and the weight of a family of tails at it."""
    b = renewed(integer("b"), opened(f).union(*(x.walk() for x in besides)))
    return b, said(f, b, True)


def end(f: E.Family) -> Expr:
    """The last index of a family of tails."""
    if f.length is None:
        raise Lacking("tails without an end")
    return lift(f.length)


def tail(x: CoqLemma, e: E.Item) -> Pair:
    """Σ_{b ≥ i} w[b]."""
    b, weight = weights(e.family, e.index)
    return x.scalar(E.Sum(b, e.index, end(e.family), weight))


def max_mask(x: CoqLemma, e: Any) -> Pair:
    """A ∘ (Σ_{b ≥ max(i, j)} w[b])."""
    f = e.family
    if f.tail is None:
        raise Lacking("a mask of what are no tails")
    if f.define is not None:
        x.beside.append(e)
    (n, _), (length, last) = x.size(e.shape[0]), x.size(end(f))
    matrix, (b, weight) = x.matrix(e.arg), weights(f)
    (place, name), (deep, text) = x.under(b, lift(1), end(f), weight, x.scalar)
    return f"(@MK {n} {length} {place} {matrix[0]} {deep})", f"(max_mask {last} {matrix[1]} (fun {name} => {text}))"


def agreement(e: E.MaxMask) -> Rel:
    """diag(f) of the definition and of the tails."""
    one, other = replace(e.family, tail=None), replace(e.family, define=None)
    return Rel(E.Diag(one, e.shape[0]), "=", E.Diag(other, e.shape[0]))
