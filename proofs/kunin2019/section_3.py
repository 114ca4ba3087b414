"""Kunin et al. 2019, Section 3: the losses as negative log posteriors, and two scalar examples.

Main results
    posterior_product, posterior_sum    half the losses, up to constants, for priors of variance 1/λ
    fewer_dimensions                    matrices of rank k − 1 have 2(m − k) + 1 dimensions less than those of rank k
    scalar_whitened, scalar_pca         the scalar examples
"""

from __future__ import annotations

from proofs.claim import claim
from proofs.kernel.expressions import Diff, Entry, Expr, Sum, Sym, integer, lift, log
from proofs.kunin2019.notation import AT_MOST, PENALTY, SCALE, W1, W2, X, k, m, n, product, summed, λ
from proofs.kunin2019.section_2_1 import DATUM, POINT, x
from proofs.kunin2019.section_3_ppca import NOISE, variance
from proofs.kunin2019.section_4 import HALF, NONE, ONE
from proofs.methods.chain import Chain, chain, eq

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
w1, w2, w0 = Sym("w_1"), Sym("w_2"), Sym("w_0")
TOTAL = w0**2 + variance


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
