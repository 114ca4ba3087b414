"""Bah et al. 2019, Section 2: gradient flows of deep linear networks and what they conserve.

Main results
    gradient_one      ∇L^1(W) = W XXᵀ − YXᵀ
    gradient_layers   the gradient by a layer is that of L^1 between the other layers
    product_flow      (6), the flow of the product
    conserved         Lemma 2 (3): W_{j+1}ᵀW_{j+1} − W_jW_jᵀ and ‖W_i‖² − ‖W_j‖² are constant
"""

from __future__ import annotations

from proofs.bah2019.notation import WIDTHS, W, X, Y, a, b, c, d_x, d_y, e, half_loss, slope
from proofs.claim import claim
from proofs.kernel.expressions import Expr, Grad, Letter, SqNorm, add
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.flow import Rates, constant, descent

P, R = Letter("P", d_y, b), Letter("R", a, d_x)
READING = "P stands for the product of the layers above, R for that of the layers below; either may be the identity"
SCAN = "The text at hand prints the index j as i in places; the layers are read as the proof uses them."


@claim("bah2019/gradL1", where="Section 2, before (5)", given=[WIDTHS])
def gradient_one() -> Chain:
    """The gradient of the loss by the product."""
    return eq(Grad(half_loss(W), W), W @ X @ X.T - Y @ X.T)


LAYER = Letter("W_j", b, a)


@claim("bah2019/lem2-1", where="Section 2, Lemma 2 (1)", given=[WIDTHS], convention=READING, note=SCAN)
def gradient_layers() -> Chain:
    """The gradient by a layer is the gradient by the product between the transposes of the other layers."""
    product = P @ LAYER @ R
    return eq(Grad(half_loss(product), LAYER), P.T @ slope(product) @ R.T)


def term(above: Expr | None, product: Expr, below: Expr | None) -> Expr:
    """W_N ⋯ W_{j+1} W_{j+1}ᵀ ⋯ W_Nᵀ ∇L^1(W) W_1ᵀ ⋯ W_{j−1}ᵀ W_{j−1} ⋯ W_1."""
    out: Expr = slope(product)
    out = out if above is None else above @ above.T @ out
    return out if below is None else out @ below.T @ below


@claim(
    "bah2019/lem2-2/eq6",
    where="Section 2, Lemma 2 (2), (6)",
    tag="6",
    given=[WIDTHS],
    note="Layer j of any depth moves the product by its term of the sum; the whole sum for N = 2.",
)
def product_flow() -> All:
    """The flow of the product of the layers."""
    one, two = Letter("W_1", a, d_x), Letter("W_2", d_y, a)
    any_layer, pair = P @ LAYER @ R, two @ one
    return both(
        eq(descent(half_loss(any_layer), LAYER).rate(any_layer), -term(P, any_layer, R)),
        eq(descent(half_loss(pair), one, two).rate(pair), -add(term(two, pair, None), term(None, pair, one))),
    )


@claim("bah2019/lem2-3", where="Section 2, Lemma 2 (3)", given=[WIDTHS], convention=READING, note=SCAN)
def conserved() -> All:
    """Neighbouring layers keep the difference of their Gram matrices, any two layers that of their norms."""
    lower, upper = Letter("W_j", c, a, tex="W_j"), Letter("W_j+1", b, c, tex="W_{j+1}")
    first, between, last = Letter("W_i", c, a, tex="W_i"), Letter("Q", e, c), Letter("W_j", b, e, tex="W_j")
    neighbours = descent(half_loss(P @ upper @ lower @ R), lower, upper)
    distant = descent(half_loss(P @ last @ between @ first @ R), first, last)
    return both(
        Rates(neighbours, eq(upper.T @ upper, lower @ lower.T)),
        constant(neighbours, upper.T @ upper - lower @ lower.T),
        constant(neighbours, SqNorm(upper) - SqNorm(lower)),
        constant(distant, SqNorm(first) - SqNorm(last)),
    )
