"""Bah, Rauhut, Terstiege, Westdickenberg (2019): layers, losses and balanced starts.

W = W_N ⋯ W_1 with W_j of shape d_j × d_{j−1}. A statement about the layers j and j + 1 of any depth is one about
W = P W_{j+1} W_j R, where the letters P = W_N ⋯ W_{j+2} and R = W_{j−1} ⋯ W_1 may be the identity; so it is decided for
all N at once.

Main results
    half_loss       L(W) = ½‖Y − W X‖², which is L^1, and L^N at W = W_N ⋯ W_1
    WIDTHS          how the sizes of the layers are drawn
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from proofs.algebra.evaluate import Instance
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Expr, Letter, Named, Num, SqNorm, integer, size

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


def widths(rng: Random, at: Instance) -> Instance:
    """Every width at most the drawn k + 1."""
    return {s.name: rng.randint(1, int(at["k"]) + 1) for s in (d_x, d_y, a, b, c, e)}


WIDTHS = Hypothesis("W_j is d_j × d_{j−1}", r"W_j \in \mathbb{R}^{d_j \times d_{j-1}}", (), widths)
