"""Gradients of the losses whose papers do not print them, for all sizes.

The sum loss is `kunin2019/thm2.1/gradients`, the summed loss of Oftadeh et al. `oftadeh2020/eq8`.

Main results
    l2               objective (3) of bao2020
    product          the product loss of kunin2019
    nested_dropout   the deterministic nested dropout loss of bao2020
"""

from __future__ import annotations

from proofs.bao2020 import notation as bao
from proofs.bao2020.notation import ORDERED, P_D, PRIOR, W1, W2, Λ, I_m, X, n, p
from proofs.claim import claim
from proofs.kernel.expressions import Grad, MaxMask, Named
from proofs.kunin2019 import notation as kunin
from proofs.methods.chain import eq
from proofs.methods.conjunction import All, both

L2 = Named("L_σ'", bao.l2_loss(W1, W2, X), r"L_{\sigma'}")
PRODUCT = Named("𝓛_π", kunin.product(kunin.W1, kunin.W2), r"\mathcal{L}_\pi")
DROPOUT = Named("L_ND", bao.nested_dropout(W1, W2, X), r"L_{\mathrm{ND}}")


@claim("lae/gradients/l2", where="objective (3) of bao2020", convention=bao.SCALE_MAIN, given=[ORDERED])
def l2() -> All:
    """The gradient of the non-uniform L2 loss."""
    return both(
        eq(Grad(L2, W1), 2 / n * (W2.T @ (W2 @ W1 - I_m) @ X @ X.T) + 2 * (Λ @ W1)),
        eq(Grad(L2, W2), 2 / n * ((W2 @ W1 - I_m) @ X @ X.T @ W1.T) + 2 * (W2 @ Λ)),
    )


@claim("lae/gradients/product", where="the product loss of kunin2019", convention=kunin.SCALE)
def product() -> All:
    """The gradient of the product loss."""
    w1, w2, x, λ = kunin.W1, kunin.W2, kunin.X, kunin.λ
    return both(
        eq(Grad(PRODUCT, w1), 2 * (w2.T @ (w2 @ w1 - kunin.I_m) @ x @ x.T) + 2 * λ * (w2.T @ w2 @ w1)),
        eq(Grad(PRODUCT, w2), 2 * ((w2 @ w1 - kunin.I_m) @ x @ x.T @ w1.T) + 2 * λ * (w2 @ w1 @ w1.T)),
    )


@claim("lae/gradients/nested-dropout", where="L_ND of bao2020", convention=bao.SCALE_ND, given=[PRIOR])
def nested_dropout() -> All:
    """The gradient of the deterministic nested dropout loss."""
    covariance = X @ X.T
    return both(
        eq(
            Grad(DROPOUT, W1),
            1 / n * (MaxMask(W2.T @ W2, p, "P_L") @ W1 @ covariance) - 1 / n * (P_D @ W2.T @ covariance),
        ),
        eq(
            Grad(DROPOUT, W2),
            1 / n * (W2 @ MaxMask(W1 @ covariance @ W1.T, p, "P_L")) - 1 / n * (covariance @ W1.T @ P_D),
        ),
    )
