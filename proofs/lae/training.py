"""What makes training fast: the losses, and what RAG turns by, see the data only up to a rotation.

With W1' = W1Ū, W2' = ŪᵀW2 and X' = ŪᵀX, Ū orthogonal, every quantity below is the same. So are gradients, turned by
Ū, and every rule that is linear in them (gradient descent, momentum, RAG) takes the same steps in the eigenbasis of
the covariance, where `numerics.training` runs them.

Main results
    losses      the non-uniform L2 and nested dropout losses are invariant
    latents     W1XXᵀW1ᵀ, from which RAG's skew-symmetric matrix is made, is invariant
    targets     so is the summed loss for Y ≠ X, where samples and targets turn by rotations of their own
    deep        and that of a deep linear network, of which only the first and the last layer turn
"""

from __future__ import annotations

from proofs.bah2019 import notation as bah
from proofs.bao2020 import notation as bao
from proofs.bao2020.notation import ORDERED, PRIOR, W1, W2, Ū, X
from proofs.claim import claim
from proofs.kernel.expressions import Letter
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both
from proofs.oftadeh2020 import notation as oftadeh

TURNED = (W1 @ Ū, Ū.T @ W2, Ū.T @ X)


@claim("lae/training/losses", where="the losses of bao2020", convention=bao.SCALE_MAIN, given=[ORDERED, PRIOR])
def losses() -> All:
    """Turning data and weights together leaves the losses as they are."""
    return both(
        eq(bao.l2_loss(*TURNED), bao.l2_loss(W1, W2, X)),
        eq(bao.nested_dropout(*TURNED), bao.nested_dropout(W1, W2, X)),
    )


@claim("lae/training/latents", where="Algorithm 1 of bao2020", convention=bao.SCALE_MAIN)
def latents() -> Chain:
    """Turning data and weights together leaves YYᵀ as it is, from which RAG's rotation is made."""
    w1, _, x = TURNED
    return eq(w1 @ x @ x.T @ w1.T, W1 @ X @ X.T @ W1.T)


@claim("lae/training/targets", where="(1) of oftadeh2020")
def targets() -> Chain:
    """Turning samples and targets, each by a rotation of its own, and the weights with them leaves the summed loss."""
    n, a, b, x, y = oftadeh.n, oftadeh.A, oftadeh.B, oftadeh.X, oftadeh.Y
    u, v = (Letter(name, n, n, frozenset({"orthonormal"}), tex) for name, tex in (("Ū", r"\bar U"), ("V̄", r"\bar V")))
    return eq(oftadeh.loss(v.T @ a, b @ u, u.T @ x, v.T @ y), oftadeh.loss(a, b, x, y))


@claim("lae/training/deep", where="(2) of bah2019", given=[bah.WIDTHS])
def deep() -> Chain:
    """Turning the first and the last of any number of layers with samples and targets leaves the loss as it is."""
    first, inner, last = Letter("W_1", bah.a, bah.d_x), Letter("P", bah.b, bah.a), Letter("W_N", bah.d_y, bah.b)
    u = Letter("Ū", bah.d_x, bah.d_x, frozenset({"orthonormal"}), r"\bar U")
    v = Letter("V̄", bah.d_y, bah.d_y, frozenset({"orthonormal"}), r"\bar V")
    turned = bah.half_loss((v.T @ last) @ inner @ (first @ u), u.T @ bah.X, v.T @ bah.Y)
    return eq(turned, bah.half_loss(last @ inner @ first))
