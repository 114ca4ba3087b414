"""Oftadeh et al. 2020, Section 3, Theorem 2 to Remark 7: the critical points of the summed loss, of every rank.

A critical point has A = U_I C and B = E U_IᵀΣyxΣxx⁻¹ with (S_p ∘ CᵀC)E = T_pCᵀ and CE = I; E is a signed rectangular
permutation up to scales. What is proved for all sizes stands without it: the codes are uncorrelated, the global map is
U_I U_IᵀΣyxΣxx⁻¹, and a column of A is orthogonal to every later column whose latent is in use.

Main results
    diagonal_codes     Corollary 1.1: BΣxxBᵀ is diagonal where A has no zero column
    global_map         Corollary 1.2: AB = U_I U_IᵀΣyxΣxx⁻¹
    critical_of_mse    Corollary 1.3: critical points of L are critical for the mean square error, zero columns or not
    sufficient_form    Theorem 2: the listed points are critical
    mixed_columns      the conjecture of Remark 6 fails at r = 3, p = 4
    orthogonal_later   what holds instead: columns before a latent in use are orthogonal to its column
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, zeros
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, Plan
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Eye,
    Family,
    First,
    Letter,
    Named,
    Rank,
    SqNorm,
    Sum,
    Tr,
    integer,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.global_minima import Minima
from proofs.methods.implication import Argument, Implication, Known, Step, fact
from proofs.methods.stationarity import Points, Stationary
from proofs.oftadeh2020.critical import (
    APART,
    AXES_GAP,
    AXIS_CODES,
    CHOSEN,
    CODES,
    CORRELATED,
    CRITICAL,
    CRITICAL_MSE,
    DECODER,
    EIGEN,
    OF_MAP,
    OF_MSE,
    OFF,
    OVERLAPPING,
    PROJECTED,
    REGRESSED,
    RESIDUALS,
    ROWS,
    SPECTRAL,
    SQUARED,
    UNCORRELATED,
    WITHIN,
    Inverse,
    Q,
    before,
    c,
    combined,
    d,
    deviation,
    one_axis,
    q,
    r,
    s,
    undone,
)
from proofs.oftadeh2020.notation import (
    ASSUMPTION,
    DEFINITE,
    LOSS,
    ONE,
    SITUATIONS,
    UNSCALED,
    ZERO,
    Λ,
    A,
    B,
    I_p,
    T_p,
    U,
    X,
    Σxx,
    Σyx,
    i,
    j,
    l,
    masked,
    n,
    p,
    λ,
)
from proofs.oftadeh2020.section_2 import CODE, EVERY_RANK, FORM, LATENT, LISTED, F, minima, rank, structure, structures

# Definitions --------------------------------------------------------------------------------------
ROWS_OF, SQUARE_COLUMNS = Letter("Π", rank, p), Letter("U_I", n, p)
a, b = integer("a", "", 1, rank), integer("b", "", 1, rank)


def one_each(rng: Random, at: Instance) -> Instance:
    """A rectangular permutation as it is defined: at most one 1 in each column; of full rank."""
    count = rng.randint(1, at["p"])
    found = zeros(count, at["p"])
    for column in range(at["p"]):
        row = column if column < count else rng.randint(0, count)
        if row < count:
            found[row, column] = fmpq(1)
    return {"ℓ": count, "Π": found}


RECTANGULAR = Hypothesis(
    "each column of Π has at most one nonzero, 1, and Π has rank ℓ",
    r"\text{each column of } \Pi \text{ has at most one nonzero element, } 1;\ \operatorname{rank} \Pi = \ell",
    (
        Every(l, ONE, p, Rel(SqNorm(ROWS_OF @ Basis(l, p)) ** 2, "=", SqNorm(ROWS_OF @ Basis(l, p)))),
        Rel(Rank(ROWS_OF), "=", rank),
    ),
    one_each,
)
BELOW = Hypothesis("ℓ < p", r"\ell < p", (Rel(rank, "<", p),))


@claim(
    "oftadeh2020/def-rectperm",
    where="Section 3, before Theorem 2",
    given=[RECTANGULAR, BELOW],
    note="The columns that are not zero are counted by their squared lengths, which are 1. Nothing in the definition "
    "keeps two columns from being equal.",
)
def zero_columns() -> Chain:
    """A rectangular permutation of rank ℓ < p has p − ℓ zero columns."""
    return eq(Sum(l, ONE, p, SqNorm(ROWS_OF @ Basis(l, p))), rank)


@claim("oftadeh2020/def-rectperm+", where="Section 3, before Theorem 2", note="At most one 1 in each row as well.")
def zero_columns_corrected() -> Implication:
    """With ΠΠᵀ = I as well it has ℓ columns that are not zero."""
    unit = Rel(ROWS_OF @ ROWS_OF.T, "=", Eye(rank))
    return Implication((unit,), (Rel(SqNorm(ROWS_OF), "=", rank),), (ROWS_OF,), (Step(Tr),), SITUATIONS)


ALL_LATENTS = U @ CHOSEN @ U.T


@claim(
    "oftadeh2020/def-Ir",
    where="Section 3, before Theorem 2",
    given=[*ASSUMPTION],
    convention=UNSCALED,
    note="1 ≤ i_1 < … < i_r < n, read of the index sets of Theorem 2: no decoder has a part along u_n. A = u_n shows "
    "it.",
)
def last_direction() -> Implication:
    """Index sets end below n."""
    return Implication(CRITICAL, (fact(Basis(n, n).T @ U.T @ A, "=", 0),), (A, B), (), SITUATIONS)


@claim(
    "oftadeh2020/def-Ir+",
    where="Section 3, before Theorem 2",
    given=[*ASSUMPTION],
    convention=UNSCALED,
    note="i_r ≤ n. U_I U_Iᵀ = UZUᵀ with Z = UᵀABΣxyUΛ⁻¹, which is diagonal with entries 0 and 1 (oftadeh2020/cor1-2).",
)
def directions() -> Implication:
    """The columns of a critical A lie in the span of U_I, I ⊂ {1, …, n}."""
    return Implication(CRITICAL, (Rel(A, "=", ALL_LATENTS @ A),), (A, B), (*ROWS, *OF_MAP, WITHIN), SITUATIONS, (j, c))


@claim(
    "oftadeh2020/def-UIr",
    where="Section 3, before Theorem 2",
    note="U_I ∈ R^{n×p} as printed, in A = U_I C D with C ∈ R^{r×p}: it has r columns.",
)
def frame_of_latents() -> Chain:
    """U_I is n × p."""
    return eq(SQUARE_COLUMNS @ CODE, A)


@claim("oftadeh2020/def-UIr+", where="Section 3, before Theorem 2", note="Λ_I = U_IᵀΣU_I is r × r.")
def frame() -> Chain:
    """U_I = UF is n × r, and has orthonormal columns."""
    axes = Letter("F", n, rank, frozenset({"orthonormal"}))
    return eq((U @ axes).T @ (U @ axes), Eye(rank))


ORDERED = Hypothesis("r < s", "r < s", (Rel(r, "<", s),))


@claim("oftadeh2020/def-eigenvalue-order", where="Section 3, before Theorem 2", given=[*ASSUMPTION, ORDERED])
def increasing() -> Chain:
    """λ_{i_1} < … < λ_{i_r} for i_1 < … < i_r."""
    return chain(λ[r], "<", λ[s], plan=SITUATIONS)


@claim("oftadeh2020/def-eigenvalue-order+", where="Section 3, before Theorem 2", given=[*ASSUMPTION, ORDERED])
def decreasing() -> Chain:
    """λ_{i_1} > … > λ_{i_r} for i_1 < … < i_r."""
    return chain(λ[r], ">", λ[s], plan=SITUATIONS)


# Theorem 2 ----------------------------------------------------------------------------------------
IN_COLUMNS = "D is absorbed in C and E: A = U_I C, B = E U_IᵀΣyxΣxx⁻¹, Z as in oftadeh2020/cor1-2."


@claim(
    "oftadeh2020/thm2-quantifier",
    where="Section 3, Theorem 2",
    note="Read as it is printed: for each I_r of r indices. With r = 1: a critical A has no part outside any given "
    "u_s.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def for_any_set() -> Implication:
    """A critical A is U_I C D for any given index set."""
    one = U @ Basis(s, n) @ Basis(s, n).T @ U.T
    return Implication(CRITICAL, (Rel(A, "=", one @ A),), (A, B), (), SITUATIONS)


@claim(
    "oftadeh2020/thm2-quantifier+",
    where="Section 3, Theorem 2",
    note="U_I U_Iᵀ = UZUᵀ, Z being diagonal with entries 0 and 1 (oftadeh2020/cor1-2): the set is that of the 1s.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def for_some_set() -> Implication:
    """A critical A is U_I C D for some index set."""
    return Implication(CRITICAL, (Rel(A, "=", ALL_LATENTS @ A),), (A, B), (*ROWS, *OF_MAP, WITHIN), SITUATIONS, (j, c))


D_r = Letter("D", rank, rank, frozenset({"diagonal"}))
D_p = Letter("D", p, p, frozenset({"diagonal"}))


@claim("oftadeh2020/thm2-D", where="Section 3, Theorem 2, (12)", tag="12", note="CD with C ∈ R^{r×p} and D ∈ R^{r×r}.")
def scaled_by_rank() -> Chain:
    """A = U_I C D with a diagonal D ∈ R^{r×r}."""
    return eq(U @ F @ CODE @ D_r, A)


@claim(
    "oftadeh2020/thm2-D+",
    where="Section 3, Theorem 2, (12)",
    tag="12",
    note="D ∈ R^{p×p}: a column of length d is d times one of length 1. That any D may be absorbed in C is used below.",
)
def scaled_by_latents() -> Chain:
    """A = U_I C D with D ∈ R^{p×p}: its columns are those of U_I C, scaled."""
    scaled = U @ F @ CODE @ D_p
    return eq(scaled @ Basis(i, p), Entry(D_p, i, i) * (U @ F @ CODE @ Basis(i, p)))


PLAN = Plan(tuple({"k": x, "p": x, "m": y, "n": y} for x, y in ((1, 2), (2, 3), (3, 4))), per_size=1, tries=20)


@claim(
    "oftadeh2020/thm2",
    where="Section 3, Theorem 2, (12), (13)",
    tag="12",
    note=f"{IN_COLUMNS} Read with some index set and D ∈ R^{{p×p}} (thm2-quantifier+, thm2-D+). If: the points of "
    "every index set, rank, order and admissible C are critical. Only if: A = U_I U_IᵀA, and the codes b_d of a "
    "latent in use make its column orthogonal to those before it, which with CE = I leaves one entry in each row of "
    "Π_C: the roots that are found have it.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def critical_points() -> All:
    """(A, B) is critical exactly if it is of the form (12), (13)."""
    only = Implication(
        CRITICAL,
        (Rel(A, "=", ALL_LATENTS @ A), fact(OVERLAPPING, "=", 0)),
        (A, B),
        (*ROWS, APART, *OF_MAP, WITHIN, Step(lambda *_: Named("x", OVERLAPPING))),
        SITUATIONS,
        (j, c),
    )
    return both(Stationary(LOSS, EVERY_RANK, PLAN), only)


LEVELS = Diag(Family("λ_I", r"\lambda_I"), rank, "Λ_I")
OF_C = (Rel(masked(CODE.T @ CODE) @ LATENT, "=", T_p @ CODE.T), Rel(CODE @ LATENT, "=", Eye(rank)))
FRAME = Letter("F", n, rank, frozenset({"orthonormal"}))
LATENT_CODES = LATENT @ LEVELS @ LATENT.T


def conjectured(rng: Random, at: Instance) -> Instance:
    """C and E of any admissible kind, of full rank or of one less."""
    count = max(1, at["p"] - rng.randint(0, 1))
    learning = (0, *sorted(rng.sample(range(1, at["p"]), count - 1)))
    order = list(range(count))
    rng.shuffle(order)
    return {"ℓ": count, **structure(at, tuple(range(count)), learning, tuple(order), True)}


def admissible(rng: Random, at: Instance) -> Instance:
    """An index set, and C and E of any admissible kind."""
    found = conjectured(rng, at)
    chosen = sorted(rng.sample(range(at["n"]), found["ℓ"]))
    axes = zeros(at["n"], found["ℓ"])
    for place, direction in enumerate(chosen):
        axes[direction, place] = fmpq(1)
    return {**found, "F": axes, "λ_I": [at["λ"][direction] for direction in chosen]}


STATED = (
    Rel(Λ @ FRAME, "=", FRAME @ LEVELS),
    *OF_C,
    Rel(masked(LATENT_CODES), "=", LATENT_CODES @ T_p),
)
ADMISSIBLE = Hypothesis(
    "ΛF = FΛ_I, (S_p ∘ CᵀC)E = T_pCᵀ, CE = I, S_p ∘ EΛ_IEᵀ = EΛ_IEᵀT_p",
    r"\Lambda F = F\Lambda_I,\ (S_p \circ C^\top C)E = T_pC^\top,\ CE = I,\ "
    r"S_p \circ E\Lambda_I E^\top = E\Lambda_I E^\top T_p",
    STATED,
    admissible,
)
"""U_I = UF; the last equation holds of a diagonal EΛ_IEᵀ, as of every E with one entry in each row."""


def gap(equation: Rel, name: str) -> Named:
    """What vanishes with an equation, in one piece."""
    return Named(name, equation.left - equation.right)


@claim(
    "oftadeh2020/thm2/sufficient",
    where="Section 3, Theorem 2, (12), (13)",
    given=[*ASSUMPTION, ADMISSIBLE],
    convention=UNSCALED,
    note=f"{IN_COLUMNS} Π_C = E is a rectangular permutation, so that EΛ_IEᵀ is diagonal, and its mask multiplies by "
    "T_p.",
)
def sufficient_form() -> Implication:
    """The points (12), (13) are critical."""
    axes, span = U @ FRAME, U @ FRAME @ CODE
    at = (Rel(A, "=", span), Rel(B, "=", LATENT @ axes.T @ Q))
    moved_a, moved_b = gap(at[0], "A − U_IC"), gap(at[1], "B − EU_IᵀQ")
    sorted_, solves, unit, diagonal_ = (gap(r_, name) for r_, name in zip(STATED, ("f", "e", "u", "d"), strict=True))
    square = moved_a.T @ A + span.T @ moved_a
    codes = (
        LATENT @ axes.T @ (AXES_GAP.T @ axes @ LATENT.T + Σyx @ moved_b.T + REGRESSED @ B.T)
        + moved_b @ Σxx @ B.T
        + LATENT @ FRAME.T @ sorted_ @ LATENT.T
    )
    by_encoder = (
        masked(square) @ B @ Σxx
        + masked(CODE.T @ CODE) @ (LATENT @ axes.T @ REGRESSED + moved_b @ Σxx)
        + solves @ axes.T @ Σyx
        - T_p @ moved_a.T @ Σyx
    )
    by_decoder = (
        A @ masked(codes)
        + A @ diagonal_
        + axes @ unit @ LEVELS @ LATENT.T @ T_p
        + moved_a @ LATENT_CODES @ T_p
        - (U @ sorted_ + AXES_GAP.T @ axes) @ LATENT.T @ T_p
        - Σyx @ moved_b.T @ T_p
    )
    given_: tuple[Argument, ...] = (Known(EIGEN), *map(Known, STATED))
    steps = (
        *given_,
        Inverse(Σxx),
        combined(REGRESSED.body, Σyx @ undone(Σxx)),
        Step(lambda *_: by_encoder),
        Step(lambda *_: by_decoder),
    )
    return Implication(at, CRITICAL, (A, B), steps, SITUATIONS)


@claim(
    "oftadeh2020/thm2/one-entry",
    where="Section 3, Theorem 2, (13)",
    note="Of a latent whose column is not 0. Together with thm2 it makes Π_C a signed rectangular permutation up to "
    "scales.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def one_entry() -> Implication:
    """A row of BΣxyU = D⁻¹Π_CΛ_I has one entry at most."""
    apart = Rel(Entry(LEFT @ A, i, i), "=", ONE)
    entry = Entry(AXIS_CODES, i, r) * Entry(AXIS_CODES, i, s) * (λ[r] - λ[s])
    return Implication(
        (*CRITICAL, apart), (fact(entry, "=", 0),), (A, B, LEFT), one_axis(LEFT), SITUATIONS, (j, c, before)
    )


LEFT = Letter("G", p, n)
AXIS_LETTERS = frozenset({"F", "C", "E", "ℓ"})


def unmixed(at: Instance) -> Iterator[Instance]:
    """For each rank, latents that learn nothing have a multiple of the first column."""
    for count in range(1, at["p"] + 1):
        chosen = tuple(range(count))
        yield {**at, "ℓ": count, **structure(at, chosen, chosen, chosen, False)}


@claim(
    "oftadeh2020/thm2-existsC",
    where="Section 3, Theorem 2",
    note="For each r: the first r columns of C are those of the identity, the others twice the first of them.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def exists_for_every_rank() -> Stationary:
    """For all 1 ≤ r ≤ p there is such a C."""
    return Stationary(LOSS, Points((A, B), FORM, unmixed, AXIS_LETTERS), PLAN)


# The sketch of its proof --------------------------------------------------------------------------
G = Letter("G", p, p)
UNDONE = Rel(masked(A.T @ A) @ G, "=", I_p)
BEST = Rel(B, "=", G @ T_p @ A.T @ Q)
Δ = Named("Δ", U.T @ A @ T_p @ G.T @ T_p @ A.T @ U, r"\Delta")
WITH_INVERSE = "G is the inverse of S_p ∘ AᵀA, so that B = B̂(A) = GT_pAᵀΣyxΣxx⁻¹; Gᵀ = G."
LHS = U.T @ A @ masked(B @ Σxx @ B.T) @ A.T @ U
EQ_16 = combined(
    LHS - Λ @ Δ,
    U.T @ (Named("∂A", DECODER.left - DECODER.right) @ A.T) @ U
    + U.T @ Σyx @ Named("B − B̂", BEST.left - BEST.right).T @ T_p @ A.T @ U
    + U.T @ AXES_GAP.T @ A @ T_p @ G.T @ T_p @ A.T @ U,
)
SAME = (combined(G - G.T, G.T @ Named("SG − I", UNDONE.left - I_p) - Named("SG − I", UNDONE.left - I_p).T @ G),)


@claim(
    "oftadeh2020/eq16", where="Section 3, (16)", tag="16", note=WITH_INVERSE, given=[*ASSUMPTION], convention=UNSCALED
)
def at_best_encoder() -> Implication:
    """UᵀA(S_p ∘ B̂ΣxxB̂ᵀ)AᵀU = ΛΔ."""
    return Implication(
        (DECODER, UNDONE, BEST),
        (Rel(LHS, "=", Λ @ Δ),),
        (A, B, G),
        (Known(EIGEN), EQ_16, Step(lambda *f: f[-1])),
        SITUATIONS,
    )


TWO_AXES = Hypothesis("r ≠ s", r"r \neq s", (Rel(r, "≠", s),))


@claim(
    "oftadeh2020/delta-diag",
    where="Section 3, after (16)",
    given=[*ASSUMPTION, TWO_AXES],
    convention=UNSCALED,
    note=f"{WITH_INVERSE} Its rank, that of A: oftadeh2020/delta-diag/rank; its entries are not negative, Gᵀ being "
    "definite.",
)
def delta_diagonal() -> Implication:
    """Δ is diagonal."""
    even = combined(Δ - Δ.T, U.T @ A @ T_p @ (Named("G − Gᵀ", G - G.T)).T @ T_p @ A.T @ U)
    commutes = combined(Δ.T @ Λ - Λ @ Δ, Named("16", LHS - Λ @ Δ) - Named("16", LHS - Λ @ Δ).T)
    off = Step(
        lambda *_: Entry(Named("x", Δ.T @ Λ - Λ @ Δ) + Named("y", Δ - Δ.T) @ Λ, r, s),
        None,
        lambda gap: (λ[s] - λ[r]) * gap,
    )
    steps = (Known(EIGEN), *SAME, EQ_16, even, commutes, off)
    return Implication((DECODER, UNDONE, BEST), (fact(Entry(Δ, r, s), "=", 0),), (A, B, G), steps, SITUATIONS)


@claim(
    "oftadeh2020/eq17",
    where="Section 3, (17)",
    tag="17",
    note=f"{WITH_INVERSE} U_IΔ_IU_Iᵀ = UΔUᵀ, as Δ is diagonal (oftadeh2020/delta-diag), I being where it is not 0.",
)
def column_space() -> Chain:
    """A T_p(S_p ∘ AᵀA)⁻¹T_p Aᵀ = U_IΔ_IU_Iᵀ."""
    return eq(A @ T_p @ G.T @ T_p @ A.T, U @ Δ @ U.T)


UNIT_COLUMNS = Rel(Sum(l, ONE, p, Basis(l, p) @ Basis(l, p).T @ CODE.T @ CODE @ Basis(l, p) @ Basis(l, p).T), "=", I_p)
SIGNS = (
    "C has columns of length 1 and (S_p ∘ CᵀC)E = T_pCᵀ, CE = I: with norms for D the signs stay in C. Of the first "
    "latent."
)


@claim("oftadeh2020/sketch-Dnorms", where="Section 3, after (17)", note=SIGNS)
def norms() -> Implication:
    """With the norms of the columns of C̄ in D, Π_C has the entries 0 and 1."""
    entry = Entry(LATENT, ONE, ONE)
    return Implication((*OF_C, UNIT_COLUMNS), (fact(entry * (entry - 1), "=", 0),), (CODE, LATENT), (), SITUATIONS)


@claim(
    "oftadeh2020/sketch-Dnorms+",
    where="Section 3, after (17)",
    note="For r = 1, of the first latent; with signs in D, or none, the entry is 1.",
)
def signs() -> Implication:
    """With the norms in D, the entries of Π_C are 0, 1 and −1."""
    code, latent = Letter("C", 1, p), Letter("E", p, 1)
    unit = Rel(Sum(l, ONE, p, Basis(l, p) @ Basis(l, p).T @ code.T @ code @ Basis(l, p) @ Basis(l, p).T), "=", I_p)
    entry = Entry(latent, ONE, ONE)
    premises = (Rel(masked(code.T @ code) @ latent, "=", T_p @ code.T), Rel(code @ latent, "=", Eye(1)), unit)
    return Implication(premises, (fact(entry**3 - entry, "=", 0),), (code, latent), (), SITUATIONS)


C_FREE, C_UNDO = Letter("C", p, p), Letter("C⁻¹", p, p, tex="C^{-1}")


@claim(
    "oftadeh2020/sketch-mse-trivial",
    where="Section 3, after (17)",
    note="With the first p axes; of other sets likewise.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def trivial_for_mse() -> Implication:
    """For the mean square error the equations hold with any invertible C."""
    front = U @ First(n, p)
    at = (Rel(C_FREE @ C_UNDO, "=", I_p), Rel(A, "=", front @ C_FREE), Rel(B, "=", C_UNDO @ front.T @ Q))
    unit, moved_a, moved_b = (gap(r_, name) for r_, name in zip(at, ("u", "A − U_IC", "B − C⁻¹U_IᵀQ"), strict=True))
    regressed = Q @ Σxx
    within = A @ moved_b @ Σxx + (moved_a @ C_UNDO + front @ unit) @ front.T @ regressed + front @ front.T @ REGRESSED
    outside = front @ front.T - Eye(n)
    steps = (
        Known(EIGEN),
        Inverse(Σxx),
        combined(REGRESSED.body, Σyx @ undone(Σxx)),
        Step(lambda *_: A.T @ within + moved_a.T @ outside @ Σyx),
        Step(lambda *_: within @ B.T + outside @ (Σyx @ moved_b.T + AXES_GAP.T @ front @ C_UNDO.T)),
    )
    return Implication(at, CRITICAL_MSE, (A, B, C_FREE, C_UNDO), steps, SITUATIONS)


BY_LATENTS = Rel(CODE @ masked(LATENT @ LEVELS @ LATENT.T), "=", LEVELS @ LATENT.T @ T_p)
INVERSE_C = Rel(G @ masked(CODE.T @ CODE), "=", I_p)


@claim(
    "oftadeh2020/eq18-19",
    where="Section 3, (18), (19)",
    tag="18",
    note="The equations of a critical A = U_I C, B = E U_IᵀΣyxΣxx⁻¹, and G(S_p ∘ CᵀC) = I. Δ_I = EᵀT_pCᵀ, which for "
    "the symmetric G is that of (18). They are necessary; sufficient they are with CE = I (oftadeh2020/thm2).",
)
def conditions_on_C() -> Implication:
    """Δ_I = C T_p(S_p ∘ CᵀC)⁻¹T_p Cᵀ and Λ_IΔ_I = C(S_p ∘ EΛ_IEᵀ)Cᵀ."""
    delta = LATENT.T @ T_p @ CODE.T
    solved = fact(LATENT - G @ T_p @ CODE.T, "=", 0)
    steps = (
        Step(lambda e, d, g: G @ e - g @ LATENT, solved),
        Step(lambda e, d, g, x: x.T @ T_p @ CODE.T),
        Step(lambda e, d, g, x, *_: -1 * d @ CODE.T),
    )
    return Implication(
        (OF_C[0], BY_LATENTS, INVERSE_C),
        (
            Rel(delta, "=", CODE @ T_p @ G.T @ T_p @ CODE.T),
            Rel(LEVELS @ delta, "=", CODE @ masked(LATENT @ LEVELS @ LATENT.T) @ CODE.T),
        ),
        (CODE, LATENT, G),
        steps,
        SITUATIONS,
    )


# Remark 6 -----------------------------------------------------------------------------------------
def mixed_only(at: Instance) -> Iterator[Instance]:
    """Critical points in which some latent has a column that is no axis."""
    for choice in structures(at):
        if choice["ℓ"] < at["p"]:
            yield choice


THREE = Plan(({"k": 3, "p": 3, "m": 4, "n": 4},), per_size=1, tries=20)


@claim(
    "oftadeh2020/rem6-a",
    where="Section 3, Remark 6",
    note="Of rank r < p, with columns of C that are no axis where p ≥ 3: (2, 2)ᵀ as the third. The global map is "
    "oftadeh2020/cor1-2.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def not_permutations() -> All:
    """For r < p, C need not be a permutation, and the global map is U_I U_IᵀΣyxΣxx⁻¹."""
    return both(Stationary(LOSS, Points((A, B), FORM, mixed_only, AXIS_LETTERS), THREE), map_of())


@claim(
    "oftadeh2020/rem6-b",
    where="Section 3, Remark 6",
    note=f"{LISTED} Here those of rank r < p, with every admissible kind of column.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def saddles() -> Minima:
    """All rank-deficient A are saddle points."""
    return minima("local", Points((A, B), FORM, mixed_only, AXIS_LETTERS))


STRUCTURED = Hypothesis(
    "(S_p ∘ CᵀC)E = T_pCᵀ, CE = I",
    r"(S_p \circ C^\top C)E = T_p C^\top,\ CE = I",
    OF_C,
    conjectured,
)
LARGE = Plan(tuple({"k": x, "p": x, "m": x + 1, "n": x + 1} for x in (1, 2, 3, 4)), per_size=40, tries=120)


@claim(
    "oftadeh2020/rem6-conj",
    where="Section 3, Remark 6",
    given=[STRUCTURED],
    note="Read: while a latent j > i is in use, the column i of C is among the first k, and an axis: it has no two "
    "entries. The counterexample has r = 3, p = 4: latent 3 mixes the directions of the latents 1 and 2, latent 4 "
    "learns a third.",
)
def axes_first() -> Chain:
    """For r < p, C starts with a rectangular permutation of rank r, and what follows is arbitrary."""
    x, y = integer("x"), integer("y")
    mixed = Sum(x, ONE, rank, Sum(y, x + 1, rank, Entry(CODE, x, l) ** 2 * Entry(CODE, y, l) ** 2))
    return eq(Sum(q, ONE, p, SqNorm(LATENT.T @ Basis(q, p)) * Sum(l, ONE, q - 1, mixed)), ZERO, plan=LARGE)


@claim(
    "oftadeh2020/rem6-conj+",
    where="Section 3, Remark 6",
    note="A column of A is orthogonal to every later column whose latent is in use; so one that is not in use lies in "
    "the span of those in use before it, and the first latent is in use. That this is enough is oftadeh2020/thm2.",
    given=[*ASSUMPTION],
    convention=UNSCALED,
)
def orthogonal_later() -> Implication:
    """For j < d, a_jᵀa_d b_d = 0: either latent d learns nothing, or its column is orthogonal to all before it."""
    return Implication(
        CRITICAL,
        (fact(OVERLAPPING, "=", 0),),
        (A, B),
        (*ROWS, APART, Step(lambda *_: Named("x", OVERLAPPING))),
        SITUATIONS,
        (j, c),
    )


# Corollary 1 --------------------------------------------------------------------------------------
@claim(
    "oftadeh2020/cor1-1",
    where="Section 3, Corollary 1.1",
    given=[*ASSUMPTION],
    convention=UNSCALED,
    note="No zero column, as: some g has gᵀa_d = 1. The rank: AᵀΣyx and BΣxx have the same by (9), of invertible "
    "factors. Here off the diagonal, for all sizes.",
)
def diagonal_codes() -> Implication:
    """BΣxxBᵀ is diagonal."""
    apart = Rel(Entry(LEFT @ A, d, d), "=", ONE)
    step = Step(
        lambda *_: (
            Entry(LEFT @ Named("x", CORRELATED), d, ONE) - Entry(CODES, d, j) * Named("y", Entry(LEFT @ A, d, d) - ONE)
        )
    )
    return Implication(
        (*CRITICAL, apart),
        (fact(Entry(CODES, d, j), "=", 0),),
        (A, B, LEFT),
        (*RESIDUALS, UNCORRELATED, step),
        SITUATIONS,
        (j, c),
    )


def map_of() -> Implication:
    """UᵀABΣxyU is diagonal with entries 0 and λ_r, and GΣxx = U_I U_IᵀΣyx."""
    steps = (*ROWS, *OF_MAP, GAP_OF_MAP, Step(lambda *_: PROJECTED @ X.T + U @ CHOSEN @ U.T @ REGRESSED))
    return Implication(CRITICAL, (Rel(A @ B @ Σxx, "=", U @ CHOSEN @ U.T @ Σyx),), (A, B), steps, SITUATIONS, (j, c))


GAP_OF_MAP = combined(PROJECTED.body, deviation(), SqNorm)


@claim(
    "oftadeh2020/cor1-2",
    where="Section 3, Corollary 1.2, (20)",
    tag="20",
    given=[*ASSUMPTION, TWO_AXES],
    convention=UNSCALED,
    note="U_I U_Iᵀ = UZUᵀ, Z = UᵀABΣxyUΛ⁻¹ = KΛ⁻¹: K is diagonal with entries 0 or λ_r, Z with 0 or 1, and I is where "
    "it is 1. (20) is multiplied by Σxx. For Y = X it is ABΣxx = U_I U_IᵀΣxx.",
)
def global_map() -> Implication:
    """The global map is U_I U_IᵀΣyxΣxx⁻¹."""
    level = Entry(SPECTRAL, r, r) * (Entry(SPECTRAL, r, r) - λ[r])
    steps = (
        *ROWS,
        *OF_MAP,
        OFF,
        GAP_OF_MAP,
        Step(lambda *_: Entry(SPECTRAL, r, s)),
        Step(lambda *_: Entry(SQUARED, r, r) - Sum(q, ONE, n, Named("K_qr", Entry(SPECTRAL, q, r)) ** 2, (r,))),
        Step(lambda *_: PROJECTED @ X.T + U @ CHOSEN @ U.T @ REGRESSED),
    )
    return Implication(
        CRITICAL,
        (fact(Entry(SPECTRAL, r, s), "=", 0), fact(level, "=", 0), Rel(A @ B @ Σxx, "=", U @ CHOSEN @ U.T @ Σyx)),
        (A, B),
        steps,
        SITUATIONS,
        (j, c, r, s),
    )


@claim(
    "oftadeh2020/cor1-3",
    where="Section 3, Corollary 1.3",
    given=[DEFINITE],
    convention=UNSCALED,
    note="Of any rank, with zero columns or without, and whatever Σyx is: Σxx ≻ 0 is all that is used. The print sums "
    "L̃ over i = 1, …, p, which multiplies it by p.",
)
def critical_of_mse() -> Implication:
    """Every critical point of L is a critical point of the mean square error."""
    there = (Step(lambda *f: f[-2]), Step(lambda *f: f[-2]))
    return Implication(CRITICAL, CRITICAL_MSE, (A, B), (*ROWS, *OF_MSE, *there), SITUATIONS, (j, c))


@claim(
    "oftadeh2020/cor1-converse",
    where="Sections 1 and 3, after Corollary 1",
    given=[*ASSUMPTION],
    convention=UNSCALED,
    note="The converse as a claim, which is refuted: critical points of the mean square error that are not critical "
    "for L.",
)
def converse() -> Implication:
    """Every critical point of the mean square error is a critical point of L."""
    return Implication(CRITICAL_MSE, CRITICAL, (A, B), (), SITUATIONS)


@claim(
    "oftadeh2020/rem7",
    where="Section 3, Remark 7",
    given=[DEFINITE],
    convention=UNSCALED,
    note="No extra critical points: oftadeh2020/cor1-3; the same global map: oftadeh2020/cor1-2.",
)
def no_extra_points() -> Implication:
    """L adds no critical points to those of the mean square error."""
    return critical_of_mse.statement  # type: ignore[return-value]
