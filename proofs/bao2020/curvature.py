"""The blocks of Hessians at global minima, and their characteristic polynomials.

Of half of objective (3) they are of one latent, with eigenvalues 2(σ_i² − λ_i) and 2λ_i; of two latents i < j, with
λ_i + λ_j and the three roots of x³ − e_1x² + e_2x − e_3; and of a latent i and an unlearned component u, with the roots
of x² − tx + d.

Main results
    pair, outward    the coefficients e_1, e_2, e_3, and t, d
    blocks           the blocks at any scale of the loss; all their eigenvalues are positive
    sliding          those of nested dropout at W1 = QUᵀ, W2 = UQ⁻¹, with one null direction for every latent
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from proofs.bao2020.notation import HALF, ONE, Ū, Q, U, k, l, p, q, λ, ν, σ
from proofs.kernel.expressions import Basis, Expr, Named, Symmetric, sqrt, symmetric
from proofs.kernel.roots import Factor
from proofs.kernel.spectrum import Null
from proofs.methods.block_types import ITSELF, OUTWARD, PAIR, Kind
from proofs.methods.blockwise import Roots, Slide


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


@cache
def blocks(scale: Expr) -> Roots:
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


# Nested dropout -----------------------------------------------------------------------------------
LATENT = Basis(l, k) @ Basis(l, k).T


@cache
def sliding() -> Roots:
    """The blocks at W1 = QUᵀ, W2 = UQ⁻¹, where W1 ↦ DW1, W2 ↦ W2D⁻¹ leaves the loss as it is."""

    def one(a: Expr) -> Symmetric:
        return symmetric((p[a] * σ[a] ** 2 * q[a] ** -2, p[a] * σ[a] ** 2), (p[a] * σ[a] ** 2 * q[a] ** 2,))

    def two(a: Expr, b: Expr) -> Symmetric:
        x, y = σ[a] ** 2, σ[b] ** 2
        return symmetric(
            (p[a] * y * q[a] ** -2, -(p[a] - p[b]) * y, 0, p[b] * y * (q[b] / q[a])),
            (p[a] * x * q[a] ** 2, p[b] * x * (q[a] / q[b]), 0),
            (p[b] * x * q[b] ** -2, 0),
            (p[b] * y * q[b] ** 2,),
        )

    def beyond(a: Expr, b: Expr) -> Symmetric:
        y = σ[b] ** 2
        return symmetric((p[a] * y * q[a] ** -2, -p[a] * y), (p[a] * σ[a] ** 2 * q[a] ** 2,))

    def turned(a: Expr, b: Expr) -> Factor:
        """e_1, …, e_4 of the latents a < b: sums of principal minors."""
        x, y, drop = σ[a] ** 2, σ[b] ** 2, p[a] - p[b]
        over, under, rest = q[a] ** 2, q[b] ** 2, p[a] * x - drop * y
        e_1 = p[a] * (y / over + x * over) + p[b] * (x / under + y * under)
        e_2 = p[b] * drop * (y**2 * under / over + x**2 * over / under) + p[a] ** 2 * x * y - drop**2 * y**2
        e_2 = e_2 + p[a] * p[b] * x * y * (1 / (over * under) + over * under) + p[b] ** 2 * x * y
        e_3 = p[b] * drop * y * rest * (x / under + y * under) + p[b] ** 2 * drop * x * y * (y / over + x * over)
        return e_1, e_2, e_3, p[b] ** 2 * drop**2 * x * y**2 * (x - y)

    def bent(a: Expr, b: Expr) -> Expr:
        return p[a] ** 2 * σ[b] ** 2 * (σ[a] ** 2 - σ[b] ** 2)

    def size(a: Expr) -> Expr:
        return q[a] ** 2 + q[a] ** -2

    slide = Slide(
        Null(l, (LATENT @ Q @ U.T, -1 * (U @ Q**-1 @ LATENT)), size(l)),
        lambda a: p[a] * σ[a] ** 2 * size(a),
        lambda a: (q[a], -(q[a] ** -1)),
        lambda a: 1 / size(a),
        lambda at, v: v[0] / q[at[0]] + v[1] * q[at[0]],
        lambda a: (Basis(a, k) @ Basis(a, k).T @ Q**-1 @ U.T, U @ Q @ Basis(a, k) @ Basis(a, k).T),
    )
    factors: dict[Kind, Callable[..., tuple[Factor, ...]]] = {
        PAIR: lambda a, b: (turned(a, b),),
        OUTWARD: lambda a, b: ((p[a] * (σ[b] ** 2 * q[a] ** -2 + σ[a] ** 2 * q[a] ** 2), bent(a, b)),),
    }
    return Roots(Ū, {ITSELF: one, PAIR: two, OUTWARD: beyond}, factors, slide)
