"""Bao et al. 2020, Appendix F: the linear VAE with diagonal covariance, and what its gradient by W has of ℓ2.

p(x|z) = N(Wz + μ, τI), q(z|x) = N(V(x − μ), D), D = diag(d), p(z) = N(0, I); τ stands for the print's σ², X for the
centred data, Σ = XXᵀ/n. The latents of all data points are VX + D^½ε with ε of independent standard entries. KL of two
Gaussians is taken in its closed form; of log det D only its growth along paths of D is used.

Main results
    expected              E‖X − Wz‖² = ‖X − WVX‖² + n Tr(WᵀWD): the reconstruction term of the ELBO
    gradient_d, _v        the gradients of the ELBO by D and V, as printed
    gradient_w_corrected  by W: the print has DW, which has no shape, for WD
    final_corrected       at D* and balanced weights: (X − WY)Yᵀ/τ − nW diag(M)⁻¹
    shrinkage             that is the gradient of (3) with the weights λ_i = τ/M_ii, held fixed
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance
from proofs.bao2020.notation import HALF, ONE, ZERO, I_k, X, i, k, l2_loss, m, n, λ
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan, rational
from proofs.kernel.expressions import (
    Coeff,
    Diag,
    Entry,
    Expect,
    Expr,
    Family,
    Grad,
    Inner,
    Letter,
    Named,
    SqNorm,
    Sum,
    Sym,
    Tr,
    integer,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.stationarity import relabel

W, V = Letter("W", m, k), Letter("V", k, m)
τ = Sym("τ", r"\sigma^2")
r = integer("r", "", 1, m)
d, t = Family("d"), Family("t")
s, log_det = Sym("s"), Sym("log det D", r"\log\det D")
D = Diag(d, k, "D")
Σ = Named("Σ", 1 / n * (X @ X.T), r"\Sigma")
ε = Letter("ε", k, n, noise=ONE, tex=r"\varepsilon")

SCALE = "the ELBO summed over the n data points, as its gradients are printed; Σ = XXᵀ/n, X is centred, σ² is the noise"


def noise(rng: Random, at: Instance) -> Instance:
    return {"τ": rational(rng, at["height"] + 1, positive=True)}


def covariance(rng: Random, at: Instance) -> Instance:
    """Variances whose roots are rational."""
    return {"d": [rational(rng, at["height"] + 1, positive=True) ** 2 for _ in range(at["k"])]}


NOISE = Hypothesis("σ² > 0", r"\sigma^2 > 0", (Rel(τ, ">", ZERO),), noise, lambda rng, at: {"τ": rational(rng, 1) * 0})
COVARIANCE = Hypothesis("d > 0", "d > 0", (Every(i, ONE, k, Rel(d[i], ">", ZERO)),), covariance)


# The noise takes 2^(kn) values.
FEW = Plan(
    tuple({"k": a, "m": b, "n": c, "p": a} for a, b, c in ((1, 1, 1), (1, 2, 1), (2, 2, 1), (1, 2, 3), (2, 3, 2)))
)


# The ELBO -----------------------------------------------------------------------------------------
def reconstruction(w: Expr, v: Expr, cov: Expr) -> Expr:
    """‖X − WVX‖² + n Tr(WᵀWD)."""
    return SqNorm(X - w @ v @ X) + n * Tr(w.T @ w @ cov)


def elbo(w: Expr, v: Expr, cov: Expr, log_det: Expr) -> Expr:
    """−KL + E log p(x|z), without the constant −(nm/2) log 2πσ²."""
    kl = HALF * (n * Tr(cov) + SqNorm(v @ X) - n * k - n * log_det)
    return -kl - 1 / (2 * τ) * reconstruction(w, v, cov)


ELBO = Named("ELBO", elbo(W, V, D, log_det), r"\mathrm{ELBO}")
MOVED = Named("D(s)", (I_k + s * Diag(t, k, "T")) @ D)
ALONG = Named("ELBO(s)", elbo(W, V, MOVED, log_det + s * Sum(i, ONE, k, t[i])), r"\mathrm{ELBO}(s)")
GRAM = W.T @ W


def squared_column(a: Expr, w: Expr = W) -> Expr:
    """(WᵀW)_aa."""
    return Sum(r, ONE, m, Entry(w, r, a) ** 2)


DIAGONAL = Diag(Family("g", define=squared_column), k, "diag(WᵀW)")
GRADIENT_D = Named("∇_D", n / 2 * (D**-1 - I_k - 1 / τ * DIAGONAL), r"\nabla_D")


@claim("bao2020/F/elbo", where="Appendix F, ELBO", given=[COVARIANCE], convention=SCALE)
def expected() -> Chain:
    """The expected squared error over the latents drawn from q."""
    return eq(Expect(ε, SqNorm(X - W @ (V @ X + D**HALF @ ε))), reconstruction(W, V, D), plan=FEW)


@claim(
    "bao2020/F/gradD",
    where="Appendix F, ∇_D",
    given=[NOISE, COVARIANCE],
    convention=SCALE,
    note="Along d_i(s) = d_i(1 + s t_i) with any t_i, to first order in s, where log(1 + s t_i) = s t_i.",
)
def gradient_d() -> Chain:
    """The slope of the ELBO where D moves is that of the printed gradient ∇_D."""
    return eq(Coeff(ALONG, s, 1), Tr(Diag(t, k, "T") @ D @ GRADIENT_D))


@claim("bao2020/F/gradV", where="Appendix F, ∇_V", given=[NOISE], convention=SCALE)
def gradient_v() -> Chain:
    """The gradient of the ELBO by the encoder."""
    return eq(Grad(ELBO, V), n / τ * ((W.T - (GRAM + τ * I_k) @ V) @ Σ))


@claim(
    "bao2020/F/gradW",
    where="Appendix F, ∇_W",
    given=[NOISE],
    convention=SCALE,
    note="DW is k × k times m × k: it conforms only if k = m.",
)
def gradient_w() -> Chain:
    """The gradient of the ELBO by the decoder."""
    return eq(Grad(ELBO, W), n / τ * (Σ @ V.T - D @ W - W @ V @ Σ @ V.T))


@claim("bao2020/F/gradW+", where="Appendix F, ∇_W", given=[NOISE], convention=SCALE)
def gradient_w_corrected() -> Chain:
    """The gradient of the ELBO by the decoder has WD."""
    return eq(Grad(ELBO, W), n / τ * (Σ @ V.T - W @ D - W @ V @ Σ @ V.T))


# Optimal D, balanced weights ----------------------------------------------------------------------
D_STAR = Named("D*", τ * (DIAGONAL + τ * I_k) ** -1, "D^*")
M = Named("M", GRAM + τ * I_k)
DIAG_M = Diag(Family("M", define=lambda a: squared_column(a) + τ), k, "diag(M)")
Y = Named("Y", V @ X)


def gradient_at(cov: Expr) -> Expr:
    """∇_D of the print, at another D."""
    return n / 2 * (cov**-1 - I_k - 1 / τ * DIAGONAL)


@claim(
    "bao2020/F/Dstar",
    where="Appendix F, D*",
    given=[NOISE, COVARIANCE],
    convention=SCALE,
    note="Read as: the only D at which ∇_D vanishes.",
)
def optimal_covariance() -> All:
    """∇_D vanishes at D* = σ²(diag(WᵀW) + σ²I)⁻¹, and at no other D."""
    cleared = n / 2 * (I_k - D - 1 / τ * (D @ DIAGONAL))
    only = Implication((fact(cleared, "=", 0),), (Rel(D, "=", D_STAR),), (d,), (Step(lambda g: -2 / n * (D_STAR @ g)),))
    return both(eq(gradient_at(D_STAR), 0 * I_k), eq(D @ GRADIENT_D, cleared), only)


@claim(
    "bao2020/F/V-balanced",
    where="Appendix F, balanced weights",
    given=[NOISE],
    convention=SCALE,
    note="V = M⁻¹Wᵀ is written MV = Wᵀ.",
)
def balanced() -> Implication:
    """At balanced weights the gradient by V vanishes."""
    return Implication(
        (Rel(M @ V, "=", W.T),), (fact(Grad(ELBO, V), "=", 0),), (V,), (Step(lambda g: -n / τ * (g @ Σ)),)
    )


def lines(order) -> Chain:
    """The display of ∇_W at D = D*; ``order`` puts a diagonal matrix on a side of W."""
    inverse = DIAG_M**-1
    return chain(
        n / τ * (Σ @ V.T - order(D_STAR) - W @ V @ Σ @ V.T),
        "=",
        n / τ * (Σ @ V.T - τ * order((DIAGONAL + τ * I_k) ** -1) - W @ V @ Σ @ V.T),
        "=",
        1 / τ * (X @ X.T @ V.T - n * τ * order(inverse) - W @ V @ X @ X.T @ V.T),
        "=",
        1 / τ * (X @ Y.T - n * τ * order(inverse) - W @ Y @ Y.T),
        "=",
        1 / τ * ((X - W @ Y) @ Y.T) - n * order(inverse),
    )


@claim("bao2020/F/final-grad", where="Appendix F, last display", given=[NOISE], convention=SCALE)
def final() -> Chain:
    """The gradient by W at the optimal D: that of the reconstruction, and a pull towards 0."""
    return lines(lambda a: a @ W)


@claim("bao2020/F/final-grad+", where="Appendix F, last display", given=[NOISE], convention=SCALE)
def final_corrected() -> Chain:
    """The gradient by W at the optimal D, with diag(M)⁻¹ to the right of W."""
    return lines(lambda a: W @ a)


# Exactly non-uniform ℓ2? --------------------------------------------------------------------------
α = Sym("α")
Z = Letter("Z", m, k)
λ_W = Family("λ", r"\lambda", lambda a: τ / (squared_column(a) + τ))
FINAL = Named("∇_W", 1 / τ * ((X - W @ Y) @ Y.T) - n * (W @ DIAG_M**-1), r"\nabla_W")


def pull(w: Expr) -> Expr:
    """−nW diag(M)⁻¹, as a function of W."""
    inverse = Diag(Family("M", define=lambda a: squared_column(a, w) + τ), k, "diag(M)") ** -1
    return -n * (w @ inverse)


PULL = Named("R(W)", pull(W))


@claim("bao2020/F/exactly-l2", where="Appendix F, end", given=[NOISE], convention=SCALE)
def shrinkage() -> Chain:
    """The gradient by W is that of (3) by W2 at W1 = V, W2 = W, with the weights λ_i = σ²/M_ii held fixed."""
    moved = relabel(l2_loss(V, W + α * Z, X), {λ: λ_W})
    return eq(Inner(FINAL, Z), -n / (2 * τ) * Coeff(moved, α, 1))


@claim(
    "bao2020/F/exactly-l2/fixed-weights",
    where="Appendix F, end",
    given=[NOISE],
    convention=SCALE,
    note="The pull of an ℓ2 penalty whose weights do not depend on W is linear in W.",
)
def fixed_weights() -> Chain:
    """Read as ℓ2 regularisation with weights that do not depend on W: the pull is linear in W."""
    return eq(Named("R(2W)", pull(2 * W)), 2 * PULL)


@claim("bao2020/F/exactly-l2/fixed-weights+", where="Appendix F, end", given=[NOISE], convention=SCALE)
def logarithmic() -> Chain:
    """The pull is the gradient of −(n/2) Σ log(‖w_i‖² + σ²): along Z it is a sum of logarithmic derivatives."""

    def size(w: Expr) -> Expr:
        return squared_column(i, w) + τ

    return eq(Inner(PULL, Z), -n / 2 * Sum(i, ONE, k, Coeff(size(W + α * Z), α, 1) / size(W)))
