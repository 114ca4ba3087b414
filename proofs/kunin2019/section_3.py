"""Kunin et al. 2019, Section 3: the losses as negative log posteriors, and probabilistic PCA.

Main results
    posterior_product, posterior_sum    half the losses, up to constants, for priors of variance 1/λ
    fewer_dimensions                    matrices of rank k − 1 have 2(m − k) + 1 dimensions less than those of rank k
    whitened                            at the critical points of 𝓛_σ⁰, W_2 is the expression (3)
    scalar_whitened, scalar_pca         the scalar examples
    stationary_of_pca                   (3) is critical for pPCA of one data point alone; for n it holds σ_i²/n
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import Diag, Diff, Entry, Expr, Family, Letter, Sum, Sym, integer, lift, log
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import AT_MOST, PENALTY, SCALE, W1, W2, I_m, X, k, m, n, product, summed, λ
from proofs.kunin2019.section_2_1 import DATUM, POINT, x
from proofs.kunin2019.section_4 import DATA, HALF, NONE, ONE, SPECTRUM, Ū, Σ
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact

# Posteriors ---------------------------------------------------------------------------------------
a, b = integer("a"), integer("b")


def surprise(z: Expr, variance: Expr, normaliser: Expr) -> Expr:
    """−log of the density of a normal number with mean 0; the normaliser is ½ log 2πv."""
    return normaliser + z**2 / (2 * variance)


def surprises(matrix: Expr, variance: Expr, normaliser: Expr) -> Expr:
    """The same, of independent entries."""
    rows, columns = map(lift, matrix.shape)
    return Sum(a, ONE, rows, Sum(b, ONE, columns, surprise(Entry(matrix, a, b), variance, normaliser)))


UNIT, PRIOR = Sym("c_1"), Sym("c_λ", r"c_\lambda")
RESIDUAL = X - W2 @ W1 @ X
READ = "The x on the right of x = Wx + ε is read as given, so that x − Wx is normal. c_v is the normaliser ½ log 2πv."


@claim("kunin2019/s3/map-Lpi", where="Section 3", given=[PENALTY], convention=SCALE, note=READ)
def posterior_product() -> Chain:
    """𝓛_π is the negative log posterior for W with entries of variance λ⁻¹, on matrices of rank k at most."""
    return eq(
        surprises(RESIDUAL, ONE, UNIT) + surprises(W2 @ W1, 1 / λ, PRIOR),
        product(W1, W2) / 2 + m * n * UNIT + m**2 * PRIOR,
    )


@claim("kunin2019/s3/map-Lsigma", where="Section 3", given=[PENALTY], convention=SCALE, note=READ)
def posterior_sum() -> Chain:
    """𝓛_σ is the negative log posterior for W_1 and W_2ᵀ with independent entries of variance λ⁻¹."""
    return eq(
        surprises(RESIDUAL, ONE, UNIT) + surprises(W1, 1 / λ, PRIOR) + surprises(W2.T, 1 / λ, PRIOR),
        summed(W1, W2) / 2 + m * n * UNIT + 2 * k * m * PRIOR,
    )


@claim(
    "kunin2019/s3/prior-rank-k",
    where="Section 3 and footnote 9",
    given=[AT_MOST],
    note="Rank-r matrices of size m are a manifold of dimension r(2m − r). As it stands, no rank-(k − 1) matrix is a "
    "rank-k matrix; read as limits of such. A uniform prior on this unbounded set is no probability.",
)
def fewer_dimensions() -> Chain:
    """Matrices of rank k − 1 are of measure 0 among those of rank k at most: of lower dimension."""
    return chain(k * (2 * m - k) - (k - 1) * (2 * m - (k - 1)), "=", 2 * (m - k) + 1, ">", NONE)


# The scalar examples ------------------------------------------------------------------------------
w1, w2, w0, noise = Sym("w_1"), Sym("w_2"), Sym("w_0"), Sym("v", r"\sigma^2")
NOISE = Hypothesis(
    "σ² > 0",
    r"\sigma^2 > 0",
    (Rel(noise, ">", NONE),),
    lambda rng, at: {"v": rational(rng, at["height"], positive=True)},
    lambda rng, at: {"v": fmpq(0)},
)
TOTAL = w0**2 + noise


@claim("kunin2019/s3/scalar-L0", where="Section 3", given=[DATUM, PENALTY], note="(XXᵀ)^−½ is (x²)^−½.")
def scalar_whitened() -> Chain:
    """The scalar 𝓛_σ⁰."""
    root = (x**2) ** -HALF.value
    moved = (x - (root * w2) * (w1 * root) * x) ** 2 + λ * ((w1 * root) ** 2 + (root * w2) ** 2)
    return eq(moved, x**2 * (1 - x**-2 * w2 * w1) ** 2 + λ * x**-2 * (w1**2 + w2**2), plan=POINT)


@claim(
    "kunin2019/s3/scalar-ppca",
    where="Section 3",
    given=[NOISE],
    note="Values of logarithms have no exact instances: of the printed ½(ln 2π + ln(w_0² + σ²) + x²/(w_0² + σ²)), the "
    "negative log density of a normal number of variance w_0² + σ², the slope is stated.",
)
def scalar_pca() -> Chain:
    """The negative log likelihood of pPCA in the scalar case, by its slope: critical at 0 and where w_0² = x² − σ²."""
    return eq(Diff((log(TOTAL) + x**2 / TOTAL) / 2, w0), w0 * (TOTAL - x**2) / TOTAL**2, plan=POINT)


# Probabilistic PCA of n data points ---------------------------------------------------------------
s = Sym("s")


def above_noise(rng: Random, at: Instance) -> Instance:
    """s² is from a little more than nσ² to nine times that."""
    s = rational(rng, at["height"] + 1, positive=True) / rng.choice((1, 3))
    return {"s": s, "v": s**2 / at["n"] * rng.choice((fmpq(1, 9), fmpq(1, 2), fmpq(99, 100)))}


ABOVE = Hypothesis(
    "s > 0, s² > nσ² > 0",
    r"s > 0,\ s^2 > n\sigma^2 > 0",
    (Rel(s, ">", NONE), Rel(noise, ">", NONE), Rel(s**2, ">", n * noise)),
    above_noise,
)
LIKELIHOOD = n * (log(TOTAL) + s**2 / n / TOTAL) / 2
"""Up to a constant, −Σ_i log p(x_i) for m = k = 1 and data of singular value s, that is Σ_i x_i² = s²."""
ONE_DIRECTION = "For m = k = 1 and n data points with Σ_i x_i² = s², as X is n numbers of singular value s."


def slope_at(square: Expr) -> All:
    """The slope of the likelihood, and its factor nC − s² for C = w_0² + σ², w_0² being the square."""
    factor = n * TOTAL - s**2
    return both(
        eq(Diff(LIKELIHOOD, w0), w0 * factor / TOTAL**2),
        eq(n * (square + noise) - s**2, NONE),
    )


@claim("kunin2019/eq3", where="Section 3, (3)", tag="3", given=[ABOVE], note=ONE_DIRECTION)
def stationary_of_pca() -> All:
    """pPCA is critical at W_0 = U_IΣ_I(I − σ²Σ_I⁻²)^½Oᵀ, with the singular values of X: w_0² = s² − σ²."""
    return slope_at(s**2 * (1 - noise * s**-2))


@claim("kunin2019/eq3+", where="Section 3, (3)", tag="3", given=[ABOVE], note=ONE_DIRECTION)
def stationary_of_pca_corrected() -> All:
    """It is with the singular values of X/√n: w_0² = s²/n − σ²."""
    return slope_at(s**2 / n * (1 - n * noise * s**-2))


@claim(
    "kunin2019/thm3.1",
    where="Theorem 3.1",
    given=[ABOVE],
    note=f"{ONE_DIRECTION} The critical points of 𝓛_σ⁰ are U_IΣ_I(I − λΣ_I⁻²)^½Oᵀ: see thm3.1/whitening.",
)
def coincide() -> All:
    """With σ² = λ the critical points of 𝓛_σ⁰ are those of pPCA."""
    return slope_at(s**2 * (1 - noise * s**-2))


@claim("kunin2019/thm3.1+", where="Theorem 3.1", given=[ABOVE], note=f"{ONE_DIRECTION} Here λ = nσ², W_0 = W_2/√n.")
def coincide_corrected() -> All:
    """With λ = nσ² the critical points of 𝓛_σ⁰, over √n, are those of pPCA."""
    return slope_at(s**2 * (1 - n * noise * s**-2) / n)


rank = integer("ℓ", r"\ell", 1, m)
E, O = Letter("I_I", m, rank, tex=r"I_{\mathcal I}"), Letter("O", k, rank)
KEPT, D = Diag(Family("σ_I", r"\sigma_{\mathcal I}"), rank, "Σ_I"), Diag(Family("d"), rank, "D")
WHITE = Ū @ Σ**-1 @ Ū.T


@claim(
    "kunin2019/thm3.1/whitening",
    where="Theorem 3.1, proof",
    given=[SPECTRUM],
    convention=SCALE,
    note="(XXᵀ)^½ = UΣUᵀ; D stands for (I − λΣ_I⁻²)^½. With W_1 = V_1(XXᵀ)^−½ and W_2 = (XXᵀ)^−½V_2, (V_1, V_2) is "
    "critical for 𝓛_σ⁰ where (W_1, W_2) is for 𝓛_σ, as the change of variables is linear and invertible.",
)
def whitened() -> All:
    """(XXᵀ)^½ is a square root with the inverse (XXᵀ)^−½, and takes the W_2 of (2) to the W_0 of (3)."""
    root = Ū @ Σ @ Ū.T
    return both(
        eq(root @ root, DATA @ DATA.T),
        eq(WHITE @ root, I_m),
        moved(),
    )


def moved() -> Implication:
    """(XXᵀ)^½U_I = U_IΣ_I where ΣI_I = I_IΣ_I."""
    selected = fact(Σ @ E, "=", E @ KEPT)
    left = Ū @ Σ @ Ū.T @ Ū @ E @ D @ O.T
    return Implication((selected,), (Rel(left, "=", Ū @ E @ KEPT @ D @ O.T),), (E,), (Step(lambda f: Ū @ f @ D @ O.T),))


@claim(
    "kunin2019/s1/MAP-pPCA",
    where="Abstract",
    given=[ABOVE],
    note=f"{ONE_DIRECTION} The minima of 𝓛_σ have w_2² = 1 − λs⁻², and pPCA is most likely at w_0² = s²/n − σ²: with "
    "λ = nσ² the first is ns⁻² times the second. With σ² = λ, as printed, see thm3.1.",
)
def related() -> Chain:
    """The minima of 𝓛_σ and the estimate of probabilistic PCA determine each other."""
    return eq(1 - n * noise * s**-2, n * s**-2 * (s**2 / n - noise))
