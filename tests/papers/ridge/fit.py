"""The fit: gradient, normal equation, curvature.

Main results
    normal_equation     where the gradient vanishes
    push_through        the two ways to write the solution
"""

from __future__ import annotations

from proofs import claim
from proofs.kernel.expressions import Grad, Named, SqNorm, Tr, Zero
from proofs.kernel.propositions import Rel
from proofs.methods.chain import Chain, eq
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.proposition import Proposition, says
from ridge.notation import PENALTY, I_d, I_n, X, d, loss, w, y, λ

LOSS = Named("L", loss(w))


@claim("ridge/1/expansion", where="Section 1, (1)", tag="1")
def expansion() -> Chain:
    """The squared error, multiplied out."""
    return eq(SqNorm(y - X @ w), Tr(y.T @ y) - 2 * Tr(w.T @ X.T @ y) + Tr(w.T @ X.T @ X @ w))


@claim("ridge/1/gradient", where="Section 1, (2)", tag="2")
def gradient() -> Chain:
    """The gradient of the loss."""
    return eq(Grad(LOSS, w), 2 * (X.T @ (X @ w - y)) + 2 * λ * w)


@claim("ridge/1/normal-equation", where="Section 1, (3)", tag="3", given=[PENALTY])
def normal_equation() -> Implication:
    """Where the gradient vanishes, (XᵀX + λI)w = Xᵀy."""
    return Implication(
        (fact(Grad(LOSS, w), "=", 0),),
        (Rel((X.T @ X + λ * I_d) @ w, "=", X.T @ y),),
        (w,),
        (Step(lambda g: g / 2),),
    )


@claim("ridge/1/push-through", where="Section 1, (4)", tag="4")
def push_through() -> Chain:
    """Xᵀ passes through: so the solution may be written with n × n matrices."""
    return eq((X.T @ X + λ * I_d) @ X.T, X.T @ (X @ X.T + λ * I_n))


@claim("ridge/1/convex", where="Section 1, (5)", tag="5", given=[PENALTY])
def convex() -> Proposition:
    """The curvature is positive definite, whatever the rank of X."""
    return says(Rel(X.T @ X + λ * I_d, "≻", Zero(d, d)))
