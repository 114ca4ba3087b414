"""Bah, Rauhut, Terstiege, Westdickenberg (2019): layers, losses and balanced starts.

W = W_N ⋯ W_1 with W_j of shape d_j × d_{j−1}. A statement about the layers j and j + 1 of any depth is one about
W = P W_{j+1} W_j R, where the letters P = W_N ⋯ W_{j+2} and R = W_{j−1} ⋯ W_1 may be the identity; so it is decided for
all N at once.

Main results
    half_loss       L(W) = ½‖Y − W X‖², which is L^1, and L^N at W = W_N ⋯ W_1
    layers          W_1, …, W_N for N ≤ 4
    operator        (25), A_W, for W = U T^N Vᵀ with orthonormal columns and a positive diagonal T: s = t^N
    WIDTHS          how the sizes of the layers are drawn
    SINGULAR        how T is
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from random import Random

from proofs.algebra.evaluate import Instance
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Diag, Expr, Eye, Family, Letter, Named, Num, SqNorm, add, integer, size
from proofs.kernel.propositions import ZERO, Every, Rel

ONE, HALF = Num(Fraction(1)), Num(Fraction(1, 2))
i, j, l = integer("i"), integer("j"), integer("l")

d_x, d_y, m = size("d_x"), size("d_y"), size("m")
a, b, c, e = (size(name, tex) for name, tex in (("d_a", "d_a"), ("d_b", "d_b"), ("d_c", "d_c"), ("d_e", "d_e")))

X, Y = Letter("X", d_x, m), Letter("Y", d_y, m)
W = Letter("W", d_y, d_x)


def half_loss(w: Expr, x: Expr = X, y: Expr = Y) -> Expr:
    """(3): L^1(W) = ½‖Y − WX‖²; at W_N ⋯ W_1 it is L^N, (2)."""
    return HALF * SqNorm(y - w @ x)


def slope(w: Expr) -> Named:
    """∇L^1(W) = W XXᵀ − YXᵀ."""
    return Named("∇L¹(W)", w @ X @ X.T - Y @ X.T, r"\nabla L^1(W)")


def layers(depth: int, name: str = "W") -> tuple[Letter, ...]:
    """W_1, …, W_N of widths d_x, d_a, d_b, …, d_y; a second network of other depth needs a name of its own."""
    sides = (d_x, *(a, b, c)[: depth - 1], d_y)
    return tuple(Letter(f"{name}_{place}", sides[place], sides[place - 1]) for place in range(1, depth + 1))


def product(ws: tuple[Expr, ...]) -> Expr:
    """W_N ⋯ W_1."""
    return reduce(lambda done, w: w @ done, ws[1:], ws[0])


def widths(rng: Random, at: Instance) -> Instance:
    """Every width at most the drawn k + 1."""
    return {s.name: rng.randint(1, int(at["k"]) + 1) for s in (d_x, d_y, a, b, c, e)}


WIDTHS = Hypothesis("W_j is d_j × d_{j−1}", r"W_j \in \mathbb{R}^{d_j \times d_{j-1}}", (), widths)

# The operator A_W ---------------------------------------------------------------------------------
r = size("r")
rows, cols = size("d_y", least=r), size("d_x", least=r)
τ = Family("t")
T = Diag(τ, r, "T")
ORTHONORMAL = frozenset({"orthonormal"})
U_W, V_W = Letter("U", rows, r, ORTHONORMAL), Letter("V", cols, r, ORTHONORMAL)


def ranks(rng: Random, at: Instance) -> Instance:
    """Rank r at most k, sides from r on."""
    rank = int(at["k"])
    sides = {"r": rank, "d_y": rank + rng.randint(0, 2), "d_x": rank + rng.randint(0, 2)}
    return {**sides, "t": [rational(rng, at["height"] + 1, True) for _ in range(rank)]}


SINGULAR = Hypothesis("t_i > 0", "t_i > 0", (Every(l, ONE, r, Rel(τ[l], ">", ZERO)),), ranks)


def of_depth(depth: int) -> Expr:
    """W = U T^N Vᵀ, of rank r: its singular values are the t_i^N."""
    return U_W @ T**depth @ V_W.T


def left_root(depth: int, place: int, root: Expr = T) -> Expr:
    """(WWᵀ)^((N−j)/N), the identity for j = N."""
    return Eye(rows) if place == depth else U_W @ root ** (2 * (depth - place)) @ U_W.T


def right_root(depth: int, place: int, root: Expr = T) -> Expr:
    """(WᵀW)^((j−1)/N), the identity for j = 1."""
    return Eye(cols) if place == 1 else V_W @ root ** (2 * (place - 1)) @ V_W.T


def operator(z: Expr, depth: int, root: Expr = T) -> Named:
    """(25): A_W(Z) = Σ_j (WWᵀ)^((N−j)/N) Z (WᵀW)^((j−1)/N)."""
    terms = (left_root(depth, j, root) @ z @ right_root(depth, j, root) for j in range(1, depth + 1))
    return Named("A_W", add(*terms), r"\mathcal A_W")
