"""The Hessian of the non-uniform L2 loss at every stationary point: its blocks, for all sizes.

A stationary point matches some latents to components (bao2020/4.1/thm2+). Here they are numbered such that latent
a ≤ ℓ learns component a; the other latents are spare, the other components unlearned, and λ and σ are in no particular
order. The global minimum is ℓ = k, with λ increasing and σ decreasing. In principal axes the Hessian is the direct
sum of one block for each learned latent, each pair of them, each learned latent with an unlearned component, each
spare latent with a learned component, and each spare latent with an unlearned component.

All curvatures are those of half of objective (3), the scale of Appendix B; ν_i = 1 − λ_i/σ_i².

Main results
    itself               eigenvalues 2(σ_i² − λ_i) and 2λ_i
    pair                 determinant (σ_i² − σ_j²)(λ_j − λ_i)(λ_i + λ_j)²
    pair_eigenvector     one eigenvalue of a pair is λ_i + λ_j
    pair_tridiagonal     the other three are those of a tridiagonal matrix
    pair_squares         which is a sum of three squares, with weights in closed form
    unlearned            determinant (σ_i² − σ_u²)(σ_u² + λ_i)
    spare, empty         eigenvalues λ_s ± λ_i and λ_s ± σ_u²
    descending, flat     the number of descending and of flat directions at every stationary point
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance
from proofs.bao2020 import section_4 as landscape
from proofs.bao2020.notation import (
    DATA,
    HALF,
    ONE,
    SCALE_HALF,
    W1,
    W2,
    ZERO,
    Ū,
    Λ,
    X,
    i,
    j,
    k,
    l,
    l2_half,
    m,
    n,
    near_rational,
    near_square,
    near_squares,
    spectrum,
    λ,
    ν,
    σ,
)
from proofs.bao2020.section_4 import ell
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Named, SqNorm, Sym, Tr, add, column, det, sqrt, symmetric
from proofs.kernel.propositions import Every, Rel
from proofs.kunin2019.section_4 import SINES
from proofs.lae.numbering import (
    DOWN,
    LEARNED,
    NAMES,
    SPARE,
    TIED,
    TWO_LEARNED,
    UNLEARNED,
    characteristic,
    s,
    sizes,
    states,
    tally,
    two_learned,
    u,
    where_is,
    x,
)
from proofs.methods.block_types import INWARD, ITSELF, OUTWARD, PAIR, SLOT, Splitting, canonical
from proofs.methods.chain import Chain
from proofs.methods.conjunction import All, both
from proofs.methods.counts import Directions
from proofs.methods.hessian_blocks import Near

WHERE = "every stationary point of the non-uniform L2 loss"


# Stationary points, numbered ----------------------------------------------------------------------
def numbered(rng: Random, at: Instance) -> Instance:
    """Any spectrum and penalties in any order; the first ℓ penalties lie below their eigenvalues."""
    learned = rng.randint(0, min(at["k"], at["m"]))
    values = spectrum(rng, at)["σ"]
    rng.shuffle(values)
    near = rng.choice((near_rational, near_square, near_square, near_squares))
    below = [near(v * v * fmpq(rng.randint(1, 40), 41), v, 2 + at["height"] ** 2) for v in values[:learned]]
    others = [fmpq(rng.randint(1, 10), 11) * rng.choice((1, 3, 12)) for _ in range(at["k"] - learned)]
    others = [x ** rng.choice((1, 2)) for x in others]
    return {"σ": values, "λ": below + others, "ℓ": learned}


def too_large(rng: Random, at: Instance) -> Instance:
    """Penalties above the eigenvalues of the components that their latents are to learn."""
    found = numbered(rng, at)
    return {**found, "λ": [v * v * 2 for v in found["σ"][: at["k"]]]}


NUMBERED = Hypothesis(
    "λ, σ > 0; λ_a < σ_a² for a ≤ ℓ",
    r"\lambda, \sigma > 0,\ \lambda_a < \sigma_a^2 \text{ for } a \le \ell",
    (
        Every(l, ONE, k, Rel(λ[l], ">", ZERO)),
        Every(l, ONE, m, Rel(σ[l], ">", ZERO)),
        Every(l, ONE, ell, Rel(λ[l], "<", σ[l] ** 2)),
    ),
    numbered,
    too_large,
)


SPLIT = Splitting({X: DATA}, Ū, (ell, k, m))
RECONSTRUCTION = 1 / (2 * n) * SqNorm(X - W2 @ W1 @ X)
LOSS = RECONSTRUCTION + HALF * Tr(W1.T @ Λ @ W1) + HALF * Tr(W2 @ Λ @ W2.T)
NEAR = Near(LOSS, landscape.matched(), SPLIT)


@claim("lae/blocks/l2/loss", where=WHERE, given=[NUMBERED], convention=SCALE_HALF)
def loss() -> Chain:
    """The loss as it is used here, without the roots of the penalties."""
    return states(l2_half(W1, W2, X), LOSS)


# One latent ---------------------------------------------------------------------------------------
@claim("lae/blocks/l2/itself", where=WHERE, given=[NUMBERED, LEARNED], convention=SCALE_HALF)
def itself() -> All:
    """A learned latent, in (W1)_ii and (W2)_ii: the eigenvalues are 2(σ_i² − λ_i), scaling, and 2λ_i."""
    h = NEAR.block(ITSELF, i)
    return both(
        states(h, symmetric((σ[i] ** 2, σ[i] ** 2 - 2 * λ[i]), (σ[i] ** 2,))),
        states(characteristic(h), (x - 2 * (σ[i] ** 2 - λ[i])) * (x - 2 * λ[i])),
    )


@claim("lae/blocks/l2/unlearned", where=WHERE, given=[NUMBERED, LEARNED, UNLEARNED], convention=SCALE_HALF)
def unlearned() -> All:
    """A learned latent i and an unlearned component u, in (W1)_iu and (W2)_ui: the block and its determinant."""
    h = NEAR.block(OUTWARD, i, u)
    return both(
        states(h, symmetric((σ[u] ** 2 * ν[i] + λ[i], -(σ[u] ** 2)), (σ[i] ** 2,))),
        states(det(h), (σ[i] ** 2 - σ[u] ** 2) * (σ[u] ** 2 + λ[i])),
    )


@claim("lae/blocks/l2/spare", where=WHERE, given=[NUMBERED, LEARNED, SPARE], convention=SCALE_HALF)
def spare() -> All:
    """A spare latent s and a learned component i, in (W1)_si and (W2)_is: the eigenvalues are λ_s ± λ_i."""
    h = NEAR.block(INWARD, s, i)
    return both(
        states(h, symmetric((λ[s], -λ[i]), (λ[s],))),
        states(characteristic(h), (x - λ[s] - λ[i]) * (x - λ[s] + λ[i])),
    )


@claim("lae/blocks/l2/empty", where=WHERE, given=[NUMBERED, SPARE, UNLEARNED], convention=SCALE_HALF)
def empty() -> All:
    """An empty slot, in (W1)_su and (W2)_us for spare s and unlearned u: the eigenvalues are λ_s ± σ_u²."""
    h = NEAR.block(SLOT, s, u)
    return both(
        states(h, symmetric((λ[s], -(σ[u] ** 2)), (λ[s],))),
        states(characteristic(h), (x - λ[s] - σ[u] ** 2) * (x - λ[s] + σ[u] ** 2)),
    )


# A pair of latents --------------------------------------------------------------------------------
H_PAIR = NEAR.block(PAIR, i, j)
root_i, root_j = sqrt(ν[i]), sqrt(ν[j])


@claim("lae/blocks/l2/pair", where=WHERE, given=[NUMBERED, TWO_LEARNED], convention=SCALE_HALF)
def pair() -> All:
    """Two learned latents, in (W1)_ij, (W2)_ji, (W1)_ji and (W2)_ij: the block and its determinant."""
    both_roots = root_i * root_j
    entries = symmetric(
        (σ[j] ** 2 * ν[i] + λ[i], -λ[j], 0, σ[j] ** 2 * both_roots),
        (σ[i] ** 2, σ[i] ** 2 * both_roots, 0),
        (σ[i] ** 2 * ν[j] + λ[j], -λ[i]),
        (σ[j] ** 2,),
    )
    return both(
        states(H_PAIR, entries),
        states(det(H_PAIR), (σ[i] ** 2 - σ[j] ** 2) * (λ[j] - λ[i]) * (λ[i] + λ[j]) ** 2),
    )


@claim("lae/blocks/l2/pair/eigenvector", where=WHERE, given=[NUMBERED, TWO_LEARNED], convention=SCALE_HALF)
def pair_eigenvector() -> Chain:
    """λ_i + λ_j is an eigenvalue of a pair, along an asymmetric rotation."""
    v = column(root_j, -root_j, root_i, -root_i)
    return states(H_PAIR @ v, (λ[i] + λ[j]) * v)


# The other three directions of a pair: the rotation r, and the scaled rotations p and e
ROTATION = Named("r", column(root_j, root_j, -root_i, -root_i))
SCALED = Named("p", column(root_i, root_i, root_j, root_j))
CROSSED = Named("e", column(root_i, -root_i, -root_j, root_j))
TOTAL, DROP = ν[i] + ν[j], ν[i] - ν[j]
RISE, GAP = λ[j] - λ[i], σ[i] ** 2 - σ[j] ** 2
T_11 = Named("T_11", RISE * DROP / TOTAL)
T_12 = Named("T_12", -2 * RISE * root_i * root_j / TOTAL)
T_22 = Named("T_22", HALF * (σ[i] ** 2 + σ[j] ** 2) * TOTAL - RISE * DROP / TOTAL)
T_23 = Named("T_23", -HALF * GAP * TOTAL)
T_33 = Named("T_33", σ[i] ** 2 + σ[j] ** 2 - HALF * GAP * DROP)
REST = 2 - ν[i] - ν[j]
SHEAR, TILT = Named("s", 2 * root_i * root_j / DROP), Named("t", DROP / REST)
D_1 = Named("D_1", RISE * DROP / TOTAL)
D_2 = Named("D_2", GAP * TOTAL * REST / (2 * DROP))
D_3 = Named("D_3", 2 * (λ[i] + λ[j]) / REST)


@claim("lae/blocks/l2/pair/tridiagonal", where=WHERE, given=[NUMBERED, TWO_LEARNED], convention=SCALE_HALF)
def pair_tridiagonal() -> All:
    """A pair is tridiagonal on the rotation r and the scaled rotations p and e."""
    return both(
        *where_is(ROTATION, SCALED, CROSSED, T_11, T_12, T_22, T_23, T_33),
        states(H_PAIR @ ROTATION, T_11 * ROTATION + T_12 * SCALED),
        states(H_PAIR @ SCALED, T_12 * ROTATION + T_22 * SCALED + T_23 * CROSSED),
        states(H_PAIR @ CROSSED, T_23 * SCALED + T_33 * CROSSED),
    )


TWO_APART = Hypothesis(
    "i < j ≤ ℓ, ν_i ≠ ν_j",
    r"i < j \le \ell,\ \nu_i \neq \nu_j",
    (*TWO_LEARNED.relations, Rel(ν[i], "≠", ν[j])),
    two_learned,
)


@claim("lae/blocks/l2/pair/squares", where=WHERE, given=[NUMBERED, TWO_APART], convention=SCALE_HALF)
def pair_squares() -> All:
    """The tridiagonal matrix T is D_1(a − sb)² + D_2(b − tc)² + D_3c²: a pair has the inertia of D_1, D_2, D_3."""
    return both(
        *where_is(D_1, D_2, D_3, SHEAR, TILT),
        states(T_11, D_1),
        states(T_12, -D_1 * SHEAR),
        states(T_22, D_1 * SHEAR**2 + D_2),
        states(T_23, -D_2 * TILT),
        states(T_33, D_2 * TILT**2 + D_3),
    )


# The index: how many directions descend --------------------------------------------------------------
ALIKE = Sym("Z_σ")  # the pairs of equal σ


def arranged(at: Instance) -> Iterator[Instance]:
    """The point of an instance; for every ℓ, one where all is the wrong way round and two where all is tied."""
    yield counted(at)
    best, unit = [max(at["σ"])] * at["m"], max(at["σ"])
    rising = [unit * (a + 1) for a in range(at["m"])]
    for learned in range(at["k"] + 1):
        spare = at["k"] - learned
        for σs, free in ((rising, unit**2 / 9), (best, (unit * SINES[0]) ** 2), (best, unit**2)):
            λs = [(v * SINES[0]) ** 2 for v in σs[:learned]] + [free] * spare
            yield counted({**at, "σ": σs, "λ": λs, "ℓ": learned})


def counted(at: Instance) -> Instance:
    """With how many blocks of each type descend, and how many are tied."""
    λs, squares, learned = at["λ"], [v * v for v in at["σ"]], at["ℓ"]
    inner, outer, free = range(learned), range(learned, at["m"]), range(learned, at["k"])
    differences = {
        PAIR: [(squares[a] - squares[b]) * (λs[b] - λs[a]) for b in inner for a in range(b)],
        OUTWARD: [squares[a] - squares[d] for a in inner for d in outer],
        INWARD: [λs[c] - λs[a] for c in free for a in inner],
        SLOT: [λs[c] - squares[d] for c in free for d in outer],
    }
    alike = sum(squares[a] == squares[b] for b in inner for a in range(b))
    return {**at, **tally(differences), ALIKE.name: alike}


MATCHED = landscape.matched()
POINTS = replace(MATCHED, form=canonical(MATCHED), choices=arranged, chosen=NAMES | {ALIKE.name}, canonical={})
COUNT_PLAN = sizes((1, 1), (2, 2), (3, 3), per_size=1)
COUNTING = (
    "N_pair counts the pairs of learned latents of which one has the larger σ and the larger λ; N_out the learned "
    "components and larger unlearned ones; N_in the spare latents and learned ones of larger λ; N_slot the spare "
    "latents s and unlearned components u with λ_s < σ_u². Z_pair, … count the ties. Any λ and σ, repeated or not."
)


def directions(kind: str, count: Expr) -> Directions:
    return Directions(kind, count, substitute(LOSS, {X: DATA}), POINTS, COUNT_PLAN, per_manifold=1)


@claim("lae/blocks/l2/descending", where=WHERE, given=[NUMBERED], convention=SCALE_HALF, note=COUNTING)
def descending() -> Directions:
    """The index of every stationary point: it counts what could be swapped for the better."""
    return directions("descending", add(*DOWN.values()))


@claim("lae/blocks/l2/flat", where=WHERE, given=[NUMBERED], convention=SCALE_HALF, note=COUNTING)
def flat() -> Directions:
    """Every tie is a flat direction, and there are no others: without ties no stationary point is degenerate."""
    return directions("flat", add(*TIED.values()))
