"""Oftadeh et al. 2020, abstract and Section 1: what the paper says that it contributes.

Main results
    eliminated      global minima of the mean square error that are turned are no critical points of L
    same_cost       a gradient of L costs 1/(2n) more products of numbers than one of the mean square error
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Basis, Entry, Expr, Grad, Named
from proofs.kernel.propositions import Rel
from proofs.methods.chain import eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Known, Step, fact
from proofs.methods.words import Open
from proofs.oftadeh2020.critical import AXES_GAP, EIGEN, REGRESSED, Inverse, Q, combined, undone
from proofs.oftadeh2020.notation import ASSUMPTION, LOSS, ONE, SITUATIONS, TWO, UNSCALED, A, B, I_p, Σxx, Σyx, n, p, λ
from proofs.oftadeh2020.section_2 import BY_SAMPLES, ENCODER_STAR, LEADING


@claim("oftadeh2020/abs-converges", where="Abstract")
def converges() -> Open:
    """Under this loss the decoder converges to the exact ordered unnormalised eigenvectors."""
    return Open(
        "under this loss the decoder converges to the exact ordered unnormalized eigenvectors of the sample covariance",
        "No method and no start are named. Where both gradients vanish, as at the origin "
        "(oftadeh2020/rem1-anyopt/origin) or at the saddles of oftadeh2020/thm2, gradient descent stays, so that it "
        "does not hold of every start. Of a limit that is a local minimum oftadeh2020/thm1-nec decides; of almost "
        "every start a stable-manifold theorem would have to, and level sets of L are not bounded. What runs show: "
        "oftadeh2020/fig1.",
    )


@claim(
    "oftadeh2020/abs-cost",
    where="Abstract",
    convention=UNSCALED,
    note="The loss: 4 products of matrices (oftadeh2020/rem2-7), where ‖Y − ABX‖² takes 2; products with n or m in all "
    "three sizes there are in neither. The gradients: those of the mean square error and p² + pn products of numbers "
    "for 2p²n + 2pn², as in oftadeh2020/rem4, so that the order of growth is the same.",
)
def same_cost() -> All:
    """The computational complexity of the loss and its gradients is that of the mean square error."""
    more, before = p**2 + p * n, 2 * p**2 * n + 2 * p * n**2
    return both(eq(LOSS, BY_SAMPLES), eq((before + more) / before, 1 + 1 / (2 * n)))


FEW_LATENTS = Hypothesis("p ≥ 2", r"p \ge 2", (Rel(p, "≥", TWO),))
FIRST, SECOND = Basis(ONE, p), Basis(TWO, p)
SHEAR = Named("C", I_p + FIRST @ SECOND.T)
UNSHEAR = Named("C⁻¹", I_p - FIRST @ SECOND.T, r"C^{-1}")


@claim(
    "oftadeh2020/contrib-elim",
    where="Abstract and Section 1",
    given=[*ASSUMPTION, FEW_LATENTS],
    convention=UNSCALED,
    note="The abstract: the invariant global minima under MSE are shown to become saddle points under the new loss. "
    "Of the turned one (A*C, C⁻¹B*) with C = I + e_1e_2ᵀ.",
)
def saddles() -> Implication:
    """A turned global minimum of the mean square error is a critical point of L, a saddle."""
    at = (Rel(A, "=", LEADING @ SHEAR), Rel(B, "=", UNSHEAR @ ENCODER_STAR))
    return Implication(at, (fact(Grad(LOSS, A), "=", 0),), (A, B), (), SITUATIONS)


@claim(
    "oftadeh2020/contrib-elim+",
    where="Abstract and Section 1",
    given=[*ASSUMPTION, FEW_LATENTS],
    convention=UNSCALED,
    note="It is no critical point of L at all: critical points have uncorrelated codes (oftadeh2020/cor1-1), and "
    "these have the correlation −λ_2. Only diagonal C, up to order, are kept (oftadeh2020/thm2-fullrank).",
)
def eliminated() -> Implication:
    """There the codes of the first two latents are correlated, by −λ_2, which no critical point of L allows."""
    at = Rel(B, "=", UNSHEAR @ ENCODER_STAR)
    turn = UNSHEAR @ LEADING.T

    def by(gap: Expr, *_: Expr) -> Expr:
        inner = turn @ (REGRESSED @ Q.T + AXES_GAP.T) @ turn.T
        return Entry(gap @ Σxx @ B.T + turn @ Q @ Σxx @ gap.T + inner, ONE, TWO)

    steps = (Known(EIGEN), Inverse(Σxx), combined(REGRESSED.body, Σyx @ undone(Σxx)), Step(by))
    return Implication((at,), (Rel(Entry(B @ Σxx @ B.T, ONE, TWO), "=", -λ[2]),), (B,), steps, SITUATIONS)


@claim("oftadeh2020/first-time", where="Section 1")
def first() -> Open:
    """It is shown for the first time that under a loss the decoder converges to the eigenvectors."""
    return Open(
        "shows for the first time that under this loss the decoder converges to the exact ordered eigenvectors",
        "A statement about the literature, of which no witness here knows. That the loss is that of nested dropout "
        "with a uniform prior is oftadeh2020/bao-relation.",
    )
