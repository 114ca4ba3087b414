"""The blocks of the Hessian of half of objective (3) at its global minimum, and their characteristic polynomials.

They are of one latent, with eigenvalues 2(σ_i² − λ_i) and 2λ_i; of two latents i < j, with λ_i + λ_j and the three
roots of x³ − e_1x² + e_2x − e_3; and of a latent i and an unlearned component u, with the roots of x² − tx + d.

Main results
    pair, outward    the coefficients e_1, e_2, e_3, and t, d
    blocks           the blocks at any scale of the loss; all their eigenvalues are positive
"""

from __future__ import annotations

from proofs.bao2020.notation import HALF, ONE, Ū, λ, ν, σ
from proofs.kernel.expressions import Expr, Named, sqrt
from proofs.kernel.roots import Factor
from proofs.kernel.small import Symmetric, symmetric
from proofs.methods.blocks import ITSELF, OUTWARD, PAIR
from proofs.methods.blockwise import Roots


def pair(a: Expr, b: Expr) -> tuple[Named, Named, Named]:
    """e_1, e_2 and e_3 of the latents a < b."""
    both_ν, total, rise, gap = ν[a] + ν[b], λ[a] + λ[b], λ[b] - λ[a], σ[a] ** 2 - σ[b] ** 2
    sum_σ = σ[a] ** 2 + σ[b] ** 2
    e_2 = σ[a] ** 2 * σ[b] ** 2 * both_ν**2 + HALF * (sum_σ * total * both_ν + gap * rise * (2 - both_ν))
    return Named("e_1", sum_σ * both_ν + total), Named("e_2", e_2), Named("e_3", gap * rise * total)


def outward(a: Expr, b: Expr) -> tuple[Named, Named]:
    """t and d of the latent a and the component b > k."""
    trace = σ[a] ** 2 + σ[b] ** 2 * ν[a] + λ[a]
    return Named("t", trace), Named("d", (σ[a] ** 2 - σ[b] ** 2) * (σ[b] ** 2 + λ[a]))


def blocks(scale: Expr = ONE) -> Roots:
    """The blocks of a multiple of the loss."""

    def one(a: Expr) -> Symmetric:
        return scaled((σ[a] ** 2, σ[a] ** 2 - 2 * λ[a]), (σ[a] ** 2,))

    def two(a: Expr, b: Expr) -> Symmetric:
        both = sqrt(ν[a]) * sqrt(ν[b])
        return scaled(
            (σ[b] ** 2 * ν[a] + λ[a], -λ[b], 0, σ[b] ** 2 * both),
            (σ[a] ** 2, σ[a] ** 2 * both, 0),
            (σ[a] ** 2 * ν[b] + λ[b], -λ[a]),
            (σ[b] ** 2,),
        )

    def beyond(a: Expr, b: Expr) -> Symmetric:
        return scaled((σ[b] ** 2 * ν[a] + λ[a], -(σ[b] ** 2)), (σ[a] ** 2,))

    def scaled(*rows: tuple) -> Symmetric:
        return symmetric(*(row if scale == ONE else tuple(scale * x for x in row) for row in rows))

    def multiplied(*factors: Factor) -> tuple[Factor, ...]:
        return factors if scale == ONE else tuple(tuple(scale ** (r + 1) * e for r, e in enumerate(f)) for f in factors)

    return Roots(
        Ū,
        {ITSELF: one, PAIR: two, OUTWARD: beyond},
        {
            ITSELF: lambda a: multiplied((2 * λ[a],), (2 * (σ[a] ** 2 - λ[a]),)),
            PAIR: lambda a, b: multiplied((λ[a] + λ[b],), pair(a, b)),
            OUTWARD: lambda a, b: multiplied(outward(a, b)),
        },
    )
