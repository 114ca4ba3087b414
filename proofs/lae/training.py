"""What makes training fast: the losses, and what RAG turns by, see the data only up to a rotation.

With W1' = W1Ū, W2' = ŪᵀW2 and X' = ŪᵀX, Ū orthogonal, every quantity below is the same. So are gradients, turned by
Ū, and every rule that is linear in them (gradient descent, momentum, RAG) takes the same steps in the eigenbasis of
the covariance, where `numerics.training` runs them.

Main results
    losses      the non-uniform L2 and nested dropout losses are invariant
    latents     W1XXᵀW1ᵀ, from which RAG's skew-symmetric matrix is made, is invariant
"""

from __future__ import annotations

from proofs.bao2020 import notation as bao
from proofs.bao2020.notation import PRIOR, W1, W2, Ū, X
from proofs.claim import claim
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both

TURNED = (W1 @ Ū, Ū.T @ W2, Ū.T @ X)


@claim("lae/training/losses", where="the losses of bao2020", convention=bao.SCALE_MAIN, given=[PRIOR])
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
