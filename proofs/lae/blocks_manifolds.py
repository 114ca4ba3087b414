"""The Hessian of the unregularised, product and sum losses on their critical manifolds: its blocks, for all sizes.

Latent a ≤ ℓ learns component a; the other latents are spare, the other components unlearned, and σ is in no particular
order. The critical points of the product loss, and for λ = 0 of the unregularised one, are (G U_Iᵀ, U_I C L) with
LG = I and C = (I + λΣ_I⁻²)⁻¹; those of the sum loss are (O (I − λΣ_I⁻²)^½ U_Iᵀ, U_I (I − λΣ_I⁻²)^½ Oᵀ)
(kunin2019/thm4.2+). A rotation of the latents changes neither loss nor spectrum, so that O = I and, of the G with
orthogonal columns, G = diag(t) are enough; at other G the Hessian is congruent to these blocks, not similar.

The numbers of null and of descending directions are those of kunin2019/thm4.4+: each zero below is one of them. The
scale is that of kunin2019, no 1/n; c_i = σ_i²/(σ_i² + λ) and ν_i = 1 − λ/σ_i².

Main results
    product_itself      a null direction (t_i, −c_i/t_i) for every learned latent
    product_pair        two null directions for every pair, and two eigenvalues in closed form
    product_unlearned   4(σ_i² − σ_u²)(σ_i²σ_u² + λ(σ_i² + σ_u²))/(σ_i² + λ)
    sum_pair            one null direction, the rotation; 4λ; and two more
    sum_spare           eigenvalues 0 and 4λ
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020.notation import ONE, ZERO, i, j, k, l, m, rational
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Diag, Expr, Family, First, Zero, column, det, sqrt, symmetric
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019 import section_4 as critical
from proofs.kunin2019.notation import SCALE, W1, W2, ell, product, summed, unregularized, λ
from proofs.kunin2019.section_4 import CANONICAL, FRAMES_PRODUCT, SINES, SPLIT, STIEFEL, σ
from proofs.lae.numbering import LEARNED, SPARE, TWO_LEARNED, UNLEARNED, characteristic, s, states, u, x
from proofs.methods.block_types import INWARD, ITSELF, OUTWARD, PAIR, SLOT
from proofs.methods.chain import Chain
from proofs.methods.conjunction import All, both
from proofs.methods.hessian_blocks import Near

PRODUCT = "critical points of the product loss; of the unregularised one for λ = 0"
SUM = "critical points of the sum loss"
t = Family("t")
c = Family("c", define=lambda a: σ[a] ** 2 / (σ[a] ** 2 + λ))
ν = Family("ν", define=lambda a: 1 - λ * σ[a] ** -2)


TANGENTS = tuple(fmpq(*sides) for sides in ((3, 4), (4, 3), (5, 12), (12, 5), (8, 15), (15, 8), (7, 24)))


# The points ---------------------------------------------------------------------------------------
def stretched(rng: Random, at: Instance) -> Instance:
    """Any spectrum in any order, latent axes of any length; λ = 0, or such that every c_i is a square."""
    height, root = at["height"] + 2, rational(rng, at["height"] + 2, positive=True)
    return {
        "σ": [root * rng.choice(TANGENTS) for _ in range(at["m"])],
        "λ": root**2 * rng.choice((0, 1, 1, 1)),
        "t": [rational(rng, height, positive=True) * rng.choice((1, -1)) for _ in range(at["k"])],
        "ℓ": rng.randint(0, at["k"]),
    }


def shrunk(rng: Random, at: Instance) -> Instance:
    """σ_i = √λ / sin φ_i for the learned components; the others lie on either side of √λ."""
    root, learned = (
        fmpq(7, rng.choice((5, 5, 40))) * rational(rng, at["height"], positive=True),
        rng.randint(0, at["k"]),
    )
    above = [root / rng.choice(SINES) for _ in range(learned)]
    others = [root * fmpq(rng.randint(1, 9), 5) for _ in range(at["m"] - learned)]
    return {"σ": above + others, "λ": root**2, "ℓ": learned}


POSITIVE = Every(l, ONE, m, Rel(σ[l], ">", ZERO))
STRETCHED = Hypothesis(
    "σ > 0, λ ≥ 0, t_i ≠ 0",
    r"\sigma > 0,\ \lambda \ge 0,\ t_i \neq 0",
    (POSITIVE, Rel(λ, "≥", ZERO), Every(l, ONE, k, Rel(t[l], "≠", ZERO))),
    stretched,
)
SHRUNK = Hypothesis(
    "σ > 0, 0 < λ < σ_a² for a ≤ ℓ",
    r"\sigma > 0,\ 0 < \lambda < \sigma_a^2 \text{ for } a \le \ell",
    (POSITIVE, Rel(λ, ">", ZERO), Every(l, ONE, ell, Rel(λ, "<", σ[l] ** 2))),
    shrunk,
)
STRETCH, AXES = Diag(t, ell, "T"), First(k, ell)
SPREAD = {**CANONICAL, critical.G: AXES @ STRETCH, critical.L: STRETCH**-1 @ AXES.T}
NEAR_PRODUCT = Near(product(W1, W2), replace(FRAMES_PRODUCT, canonical=SPREAD), SPLIT)
NEAR_SUM = Near(summed(W1, W2), STIEFEL, SPLIT)


def weight(a: Expr) -> Expr:
    return σ[a] ** 2 + λ


# The product loss, and the unregularised one ------------------------------------------------------
@claim("lae/blocks/product/loss", where=PRODUCT, given=[STRETCHED], convention=SCALE)
def product_loss() -> Chain:
    """Without a penalty it is the unregularised loss."""
    return states(substitute(product(W1, W2), {λ: ZERO}), unregularized(W1, W2))


@claim("lae/blocks/product/itself", where=PRODUCT, given=[STRETCHED, LEARNED], convention=SCALE)
def product_itself() -> All:
    """A learned latent, in (W1)_ii and (W2)_ii: its rescaling is a null direction."""
    h, trace = NEAR_PRODUCT.block(ITSELF, i), 2 * weight(i) * (c[i] ** 2 * t[i] ** -2 + t[i] ** 2)
    return both(
        states(
            h,
            symmetric(
                (2 * c[i] ** 2 * weight(i) * t[i] ** -2, 2 * σ[i] ** 2),
                (2 * weight(i) * t[i] ** 2,),
            ),
        ),
        states(h @ column(t[i], -c[i] / t[i]), Zero(2, 1)),
        states(characteristic(h), x * (x - trace)),
    )


@claim("lae/blocks/product/pair", where=PRODUCT, given=[STRETCHED, TWO_LEARNED], convention=SCALE)
def product_pair() -> All:
    """Two learned latents, in (W1)_ij, (W2)_ji, (W1)_ji and (W2)_ij: two null directions, exchanges of the latents."""
    h = NEAR_PRODUCT.block(PAIR, i, j)
    entries = symmetric(
        (2 * weight(j) * c[i] ** 2 * t[i] ** -2, 0, 0, 2 * weight(j) * c[i] * (t[j] / t[i])),
        (2 * weight(i) * t[i] ** 2, 2 * weight(i) * c[j] * (t[i] / t[j]), 0),
        (2 * weight(i) * c[j] ** 2 * t[j] ** -2, 0),
        (2 * weight(j) * t[j] ** 2,),
    )
    first = 2 * weight(j) * (c[i] ** 2 * t[i] ** -2 + t[j] ** 2)
    second = 2 * weight(i) * (c[j] ** 2 * t[j] ** -2 + t[i] ** 2)
    outward, inward = column(c[i] / t[i], 0, 0, t[j]), column(0, t[i], c[j] / t[j], 0)
    return both(
        states(h, entries),
        states(h @ column(t[j], 0, 0, -c[i] / t[i]), Zero(4, 1)),
        states(h @ column(0, c[j] / t[j], -t[i], 0), Zero(4, 1)),
        states(h @ outward, first * outward),
        states(h @ inward, second * inward),
    )


@claim("lae/blocks/product/unlearned", where=PRODUCT, given=[STRETCHED, LEARNED, UNLEARNED], convention=SCALE)
def product_unlearned() -> All:
    """A learned latent i and an unlearned component u, in (W1)_iu and (W2)_ui: the block and its determinant."""
    h = NEAR_PRODUCT.block(OUTWARD, i, u)
    entries = symmetric(
        (2 * weight(u) * c[i] ** 2 * t[i] ** -2, -2 * σ[u] ** 2),
        (2 * weight(i) * t[i] ** 2,),
    )
    mixed = σ[i] ** 2 * σ[u] ** 2 + λ * (σ[i] ** 2 + σ[u] ** 2)
    return both(states(h, entries), states(det(h), 4 * (σ[i] ** 2 - σ[u] ** 2) * mixed / weight(i)))


@claim("lae/blocks/product/spare", where=PRODUCT, given=[STRETCHED, LEARNED, SPARE], convention=SCALE)
def product_spare() -> Chain:
    """A spare latent s and a learned component i, in (W1)_si and (W2)_is: both directions are null."""
    return states(NEAR_PRODUCT.block(INWARD, s, i), Zero(2, 2))


@claim("lae/blocks/product/empty", where=PRODUCT, given=[STRETCHED, SPARE, UNLEARNED], convention=SCALE)
def product_empty() -> All:
    """An empty slot, in (W1)_su and (W2)_us: the eigenvalues are ± 2σ_u²."""
    h = NEAR_PRODUCT.block(SLOT, s, u)
    return both(
        states(h, symmetric((0, -2 * σ[u] ** 2), (0,))),
        states(characteristic(h), (x - 2 * σ[u] ** 2) * (x + 2 * σ[u] ** 2)),
    )


# The sum loss: twice the blocks of the non-uniform loss with all penalties alike ------------------------
root_i, root_j = sqrt(ν[i]), sqrt(ν[j])


@claim("lae/blocks/sum/itself", where=SUM, given=[SHRUNK, LEARNED], convention=SCALE)
def sum_itself() -> All:
    """A learned latent, in (W1)_ii and (W2)_ii: the eigenvalues are 4(σ_i² − λ) and 4λ."""
    h = NEAR_SUM.block(ITSELF, i)
    return both(
        states(h, symmetric((2 * σ[i] ** 2, 2 * (σ[i] ** 2 - 2 * λ)), (2 * σ[i] ** 2,))),
        states(characteristic(h), (x - 4 * (σ[i] ** 2 - λ)) * (x - 4 * λ)),
    )


@claim("lae/blocks/sum/pair", where=SUM, given=[SHRUNK, TWO_LEARNED], convention=SCALE)
def sum_pair() -> All:
    """Two learned latents, in (W1)_ij, (W2)_ji, (W1)_ji and (W2)_ij: their rotation is a null direction."""
    h, s_i, s_j = NEAR_SUM.block(PAIR, i, j), σ[i] ** 2, σ[j] ** 2
    entries = symmetric(
        (2 * (s_j * ν[i] + λ), -2 * λ, 0, 2 * s_j * root_i * root_j),
        (2 * s_i, 2 * s_i * root_i * root_j, 0),
        (2 * (s_i * ν[j] + λ), -2 * λ),
        (2 * s_j,),
    )
    asymmetric = column(root_j, -root_j, root_i, -root_i)
    trace = 4 * (s_i + s_j) - 2 * λ * (s_i / s_j + s_j / s_i)
    return both(
        states(h, entries),
        states(h @ column(root_j, root_j, -root_i, -root_i), Zero(4, 1)),
        states(h @ asymmetric, 4 * λ * asymmetric),
        states(characteristic(h), x * (x - 4 * λ) * (x**2 - trace * x + 16 * s_i * s_j - 8 * λ * (s_i + s_j))),
    )


@claim("lae/blocks/sum/unlearned", where=SUM, given=[SHRUNK, LEARNED, UNLEARNED], convention=SCALE)
def sum_unlearned() -> All:
    """A learned latent i and an unlearned component u, in (W1)_iu and (W2)_ui: the block and its determinant."""
    h = NEAR_SUM.block(OUTWARD, i, u)
    entries = symmetric(
        (2 * (σ[u] ** 2 * ν[i] + λ), -2 * σ[u] ** 2),
        (2 * σ[i] ** 2,),
    )
    return both(states(h, entries), states(det(h), 4 * (σ[i] ** 2 - σ[u] ** 2) * (σ[u] ** 2 + λ)))


@claim("lae/blocks/sum/spare", where=SUM, given=[SHRUNK, LEARNED, SPARE], convention=SCALE)
def sum_spare() -> All:
    """A spare latent s and a learned component i, in (W1)_si and (W2)_is: the eigenvalues are 0 and 4λ."""
    h = NEAR_SUM.block(INWARD, s, i)
    return both(
        states(h, symmetric((2 * λ, -2 * λ), (2 * λ,))),
        states(characteristic(h), x * (x - 4 * λ)),
    )


@claim("lae/blocks/sum/empty", where=SUM, given=[SHRUNK, SPARE, UNLEARNED], convention=SCALE)
def sum_empty() -> All:
    """An empty slot, in (W1)_su and (W2)_us: the eigenvalues are 2(λ ± σ_u²)."""
    h = NEAR_SUM.block(SLOT, s, u)
    return both(
        states(h, symmetric((2 * λ, -2 * σ[u] ** 2), (2 * λ,))),
        states(characteristic(h), (x - 2 * (λ + σ[u] ** 2)) * (x - 2 * (λ - σ[u] ** 2))),
    )
