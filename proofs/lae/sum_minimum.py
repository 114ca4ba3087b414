"""The global minimum of the sum loss of Kunin et al.: a bound for all weights, which is attained.

For any c_j with c_j²σ_j⁴ ≤ λ² no weights have a loss below Σ_j σ_j²(2c_j − c_j²): what they have more is a sum of
squares. With c_jσ_j² the lesser of λ and σ_j² this is Σ_j σ_j² less (1 − λσ_j^−2)²σ_j² for every σ_j² > λ, the loss at
W1ᵀ = W2 = U_ID^½Oᵀ that learns all these, which k latents can if there are no more; otherwise see
:mod:`proofs.lae.sum_fewer`. It needs no list of critical points, and not whether there is a minimum.

Main results
    bounded     the bound, for every such c
    only        what attains it has W2W1 = U(I − C)Uᵀ
    attained    the loss at the weights that learn the first ℓ directions
"""

from __future__ import annotations

from random import Random

from proofs.algebra.evaluate import Instance
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Expr,
    Eye,
    Family,
    First,
    Named,
    SqNorm,
    Sum,
)
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.notation import SCALE, W1, W2, I_m, ell, j, k, m, summed, λ
from proofs.kunin2019.section_4 import DATA, HALF, NONE, ONE, PENALIZED, SPECTRUM, Ū, Σ, l, σ
from proofs.lae.numbering import sizes
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.implication import Implication, Step, fact
from proofs.tactics.relations import Tight

WHERE = "the sum loss"
FEW = sizes((1, 1), (1, 2), (2, 2), (1, 3), (2, 3), (3, 2), per_size=3)
c = Family("c")
C = Diag(c, m, "C")


def multipliers(rng: Random, at: Instance) -> Instance:
    """Up to the bound and at it, of either sign."""
    bounds = [at["λ"] / x**2 for x in at["σ"]]
    return {"c": [b * rng.choice((1, 1, -1, rational(rng, 1, True) / 9)) for b in bounds]}


WITHIN = Hypothesis(
    "c_j²σ_j⁴ ≤ λ²",
    r"c_j^2\sigma_j^4 \le \lambda^2",
    (Every(l, ONE, m, Rel(λ**2 - c[l] ** 2 * σ[l] ** 4, "≥", NONE)),),
    multipliers,
    lambda rng, at: {"c": [2 * at["λ"] / x**2 + 1 for x in at["σ"]]},
)
VALUE = Sum(j, ONE, m, σ[j] ** 2 * (2 * c[j] - c[j] ** 2))


@claim("lae/sum/bounded", where=WHERE, given=[SPECTRUM, PENALIZED, WITHIN], convention=SCALE)
def bounded() -> Chain:
    """No weights have a sum loss below Σ_j σ_j²(2c_j − c_j²)."""
    decoder = Named("T", Ū.T @ W2)
    rest = Ū.T @ (I_m - W2 @ W1) @ Ū @ Σ - C @ Σ
    weight = (λ**2 - c[j] ** 2 * σ[j] ** 4) / λ
    spare: Expr = Sum(j, ONE, m, weight * SqNorm(Basis(j, m).T @ decoder))
    squares = SqNorm(rest) + λ * SqNorm(W1 @ Ū - decoder.T @ C @ Σ**2 / λ) + spare
    least = Ū @ (I_m - λ * Σ**-2) ** HALF @ First(k, m).T
    bound = VALUE, Tight((W1, least.T), (W2, least))
    return chain(summed(W1, W2, DATA), "=", VALUE + squares, "≥", bound, plan=FEW)


@claim(
    "lae/sum/only",
    where=WHERE,
    given=[SPECTRUM, PENALIZED, WITHIN],
    convention=SCALE,
    note="For c_jσ_j² the lesser of λ and σ_j² these are the minima, if at most k of the σ_j² exceed λ: 1 − c_j is "
    "1 − λσ_j⁻² for those, else 0. As they are critical W1 = W2ᵀ, so that W2 is U_I(I − λΣ_I⁻²)^½Oᵀ, I all of them.",
)
def only() -> Implication:
    """Weights with a loss of Σ_j σ_j²(2c_j − c_j²) have W2W1 = U(I − C)Uᵀ."""
    decoder = Named("T", Ū.T @ W2)
    weight = (λ**2 - c[j] ** 2 * σ[j] ** 4) / λ
    spare = Sum(j, ONE, m, weight * SqNorm(Basis(j, m).T @ decoder))
    own = λ * SqNorm(W1 @ Ū - decoder.T @ C @ Σ**2 / λ)
    rest = fact((Ū.T @ (I_m - W2 @ W1) @ Ū - C) @ Σ, "=", 0)
    product = Rel(W2 @ W1, "=", Ū @ (I_m - C) @ Ū.T)
    steps = (
        Step(lambda least: least, rest, lambda gap: SqNorm(gap) + own + spare),
        Step(lambda least, gap: -1 * (Ū @ gap @ Σ**-1 @ Ū.T)),
    )
    return Implication((Rel(summed(W1, W2, DATA), "=", VALUE),), (product,), (W1, W2), steps)


# Attained -----------------------------------------------------------------------------------------
def above(rng: Random, at: Instance) -> Instance:
    """Some of the first that exceed λ, and no more than there are latents."""
    count = min(sum(x**2 > at["λ"] for x in at["σ"]), at["k"])
    return {"ℓ": rng.randint(0, count)}


LEARNED = Hypothesis(
    "ℓ ≤ k, ℓ ≤ m, σ_l² > λ for l ≤ ℓ",
    r"\ell \le k,\ \ell \le m,\ \sigma_l^2 > \lambda \text{ for } l \le \ell",
    (Rel(ell, "≤", k), Rel(ell, "≤", m), Every(l, ONE, ell, Rel(σ[l] ** 2, ">", λ))),
    above,
    lambda rng, at: {"λ": 2 * at["σ"][0] ** 2, "ℓ": 1},
)


@claim(
    "lae/sum/attained",
    where=WHERE,
    given=[SPECTRUM, PENALIZED, LEARNED],
    convention=SCALE,
    note="The value is the bound of lae/sum/bounded for c_jσ_j² = λ where j ≤ ℓ and c_j = 1 where j > ℓ. They satisfy "
    "what is given there if no other σ_j² exceeds λ: then this is the minimum. With ℓ = k it is that of lae/sum/fewer.",
)
def attained() -> Chain:
    """The loss at the weights that learn the first ℓ directions."""
    root = (Eye(ell) - λ * Diag(σ, ell, "Σ_ℓ") ** -2) ** HALF
    weights = Ū @ First(m, ell) @ root @ First(k, ell).T
    value = Sum(j, ONE, m, σ[j] ** 2) - Sum(j, ONE, ell, (σ[j] ** 2 - λ) ** 2 * σ[j] ** -2)
    return eq(summed(weights.T, weights, DATA), value, plan=FEW)
