"""Bao et al. 2020, Appendix E.2: the lemmas of the landscape theorem.

The print gives Λ_I and S_I one index set I ⊂ {1, …, m}: but λ_i belongs to the latent component i ≤ k, σ_i to the
principal direction i ≤ m, and any component may learn any direction. With two index sets, one of components and one of
directions, the lemmas hold.

Main results
    weak_landscape_corrected    stationary points match latent components to principal directions
    gradients_corrected         the gradients of L̃ hold Λ, not Λ²
    matched_only                at a stationary Q1ᵀ = Q2, Q1ᵀQ1 is diagonal, and (Q1)_ai ≠ 0 only if it is 1 − λ_a/σ_i²
    symmetrised                 QS²Q = Q²S² + S²Q − QS² and its symmetrisation
    conditions_hold             Conditions 1 and 2 of the rotation
    one_entry_corrected         OD Oᵀ diagonal makes O signed axes: one entry in each column, at most one in each row
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, zeros
from proofs.bao2020.appendix_e import A_COS_B, A_SIN_B, Q1, Q2, ROTATED, w_i, w_j
from proofs.bao2020.notation import (
    FEWER,
    FULL_RANK,
    HALF,
    ONE,
    ORDERED,
    SCALE_MAIN,
    SPECTRUM,
    S̄,
    W1,
    W2,
    ZERO,
    Ū,
    Λ,
    S,
    U,
    i,
    j,
    k,
    l,
    m,
    λ,
    σ,
)
from proofs.bao2020.rag import ASCENDING_PAIR
from proofs.bao2020.section_4 import MATCHED, SPECTRAL_LOSS, WEIGHTS, completeness, matched
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    First,
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
from proofs.methods.stationarity import Complete, Points

# Index sets ---------------------------------------------------------------------------------------
place = integer("i_1", "", 1, m)


def picked(index: Expr) -> All:
    """The entries and the column that an index of I names."""
    return both(
        eq(Entry(Λ, index, index), λ[index]),
        eq(Entry(S, index, index), σ[index]),
        eq(U @ Basis(index, k), Ū @ Basis(index, m)),
    )


@claim(
    "bao2020/E.2/index-set-notation",
    where="Appendix E.2",
    given=[FEWER, ORDERED],
    note="One index i ∈ I, where I ⊂ {1, …, m} as printed: Λ, S and U have k entries and k columns.",
)
def index_sets_of_directions() -> All:
    """Λ_I, S_I and U_I are made of the entries and columns that I ⊂ {1, …, m} names."""
    return picked(place)


@claim(
    "bao2020/E.2/index-set-notation+",
    where="Appendix E.2",
    given=[ORDERED],
    note="One index i ∈ I, where I ⊂ {1, …, k}. That two sets are needed is bao2020/E.2/lemma3+.",
)
def index_sets_of_latents() -> All:
    """Λ_I, S_I and U_I are made of the entries and columns that I ⊂ {1, …, k} names."""
    return picked(i)


# Lemma 3 ------------------------------------------------------------------------------------------
ell = integer("ℓ", r"\ell")
λ_I, σ_I = Family("λ_I", r"\lambda_{\mathcal I}"), Family("σ_I", r"\sigma_{\mathcal I}")
GROWN = (Eye(ell) - Diag(λ_I, ell, "Λ_I") @ Diag(σ_I, ell, "S_I") ** -2) ** HALF
F = Letter("F", m, ell, frozenset({"orthonormal"}), tex="I_{\\mathcal I}")
U_I = Named("U_I", Ū @ F, r"U_{\mathcal I}")


def subsets(at: Instance) -> Iterator[Instance]:
    """Every I ⊂ {1, …, k}, of which both λ_i and σ_i exist, with λ_i < σ_i²."""
    for count in range(at["k"] + 1):
        for chosen in combinations(range(at["k"]), count):
            if all(at["λ"][c] < at["σ"][c] ** 2 for c in chosen):
                axes = zeros(at["m"], count)
                for position, c in enumerate(chosen):
                    axes[c, position] = fmpq(1)
                lists = {"λ_I": [at["λ"][c] for c in chosen], "σ_I": [at["σ"][c] for c in chosen]}
                yield {**at, "ℓ": count, "F": axes, **lists}


def weak_form(frame: Letter) -> Points:
    """W1 = O(I − Λ_I S_I⁻²)^½ U_Iᵀ and its transpose."""
    return Points(
        WEIGHTS,
        (frame @ GROWN @ U_I.T, U_I @ GROWN @ frame.T),
        subsets,
        frozenset({"F", "O", "ℓ", "λ_I", "σ_I"}),
        recover=((frame, W1 @ U_I @ GROWN**-1),),
        where=(fact(frame.T @ frame, "=", Eye(frame.cols)),),
    )


@claim(
    "bao2020/E.2/lemma3",
    where="Appendix E.2, Lemma 3",
    given=[SPECTRUM, MATCHED],
    convention=SCALE_MAIN,
    note="O ∈ R^{k×k} as printed; bao2020/E.2/lemma3/frame reads it as k × ℓ.",
)
def weak_landscape() -> Complete:
    """All stationary points of (3) have the form W1 = O(I − ΛS_I⁻²)^½ U_Iᵀ with an orthogonal O."""
    return Complete(SPECTRAL_LOSS, weak_form(Letter("O", k, k)))


@claim(
    "bao2020/E.2/lemma3/frame",
    where="Appendix E.2, Lemma 3",
    given=[SPECTRUM, MATCHED],
    convention=SCALE_MAIN,
    note="O has ℓ orthonormal columns, so that the shapes conform; Λ_I and S_I share I, of whose indices both exist.",
)
def weak_landscape_of_frames() -> Complete:
    """All stationary points of (3) have the form W1 = O(I − Λ_I S_I⁻²)^½ U_Iᵀ with orthonormal columns in O."""
    return Complete(SPECTRAL_LOSS, weak_form(Letter("O", k, ell)))


@claim(
    "bao2020/E.2/lemma3+",
    where="Appendix E.2, Lemma 3",
    given=[FULL_RANK, MATCHED],
    convention=SCALE_MAIN,
    note="E holds the latent axes that learn, F the directions that they learn; ΛE = EΛ_I, S̄F = F S_J.",
)
def weak_landscape_corrected() -> Complete:
    """All stationary points of (3) have the form W1 = E(I − Λ_I S_J⁻²)^½ U_Jᵀ, I and J being two index sets."""
    return Complete(SPECTRAL_LOSS, matched(), completeness())


# Lemma 5 ------------------------------------------------------------------------------------------
def tied_loss(squares: Expr) -> Expr:
    """L̃, its terms of different shape in traces of their own."""
    return Tr(Q2 @ Q1 @ squares @ Q1.T @ Q2.T - 2 * (Q2 @ Q1 @ squares) + squares) + 2 * Tr(Q1 @ Q2 @ Λ)


def without_penalty(squares: Expr) -> Chain:
    """L̃ is the loss of Lemma 3 without ‖Λ^½(Q1 − Q2ᵀ)‖²."""
    return eq(ROTATED, tied_loss(squares) + SqNorm(Λ**HALF @ (Q1 - Q2.T)))


@claim(
    "bao2020/E.2/lemma5-dim",
    where="Appendix E.2, Lemma 5",
    given=[FEWER, ORDERED],
    convention=SCALE_MAIN,
    note="S² = diag(σ_1², …, σ_k²) is k × k as printed; Q2Q1 is m × m.",
)
def tied_loss_of_latents() -> Chain:
    """L̃ with S² = diag(σ_1², …, σ_k²) is what the loss of Lemma 3 is but for a square."""
    return without_penalty(S**2)


@claim("bao2020/E.2/lemma5-dim+", where="Appendix E.2, Lemma 5", given=[ORDERED], convention=SCALE_MAIN)
def tied_loss_of_directions() -> Chain:
    """L̃ with S² = diag(σ_1², …, σ_m²) is what the loss of Lemma 3 is but for a square."""
    return without_penalty(S̄**2)


L̃ = Named("L̃", tied_loss(S̄**2), r"\tilde{\mathcal L}")


def gradients_with(penalty: Expr) -> All:
    """The gradients of L̃, with the matrix of the penalties left open."""
    return both(
        eq(Grad(L̃, Q1), 2 * (Q2.T @ Q2 @ Q1 @ S̄**2) - 2 * (Q2.T @ S̄**2) + 2 * (penalty @ Q2.T)),
        eq(Grad(L̃, Q2), 2 * (Q2 @ Q1 @ S̄**2 @ Q1.T) - 2 * (S̄**2 @ Q1.T) + 2 * (Q1.T @ penalty)),
    )


@claim(
    "bao2020/E.2/lemma5-gradients",
    where="Appendix E.2, Lemma 5, proof",
    given=[FEWER, ORDERED],
    note="With S̄ = diag(σ_1, …, σ_m), so that the shapes conform.",
)
def gradients() -> All:
    """The derivatives of L̃, with Λ²."""
    return gradients_with(Λ**2)


@claim("bao2020/E.2/lemma5-gradients+", where="Appendix E.2, Lemma 5, proof", given=[ORDERED])
def gradients_corrected() -> All:
    """The derivatives of L̃ hold Λ."""
    return gradients_with(Λ)


r, s = integer("r", "", 1, m), integer("s", "", 1, m)
a = integer("a", "", 1, k)
Q = Named("Q", Q1.T @ Q1)
TIED = (
    fact(Q1 @ Q1.T @ Q1 @ S̄**2 - Q1 @ S̄**2 + Λ @ Q1, "=", 0),
    fact(Q @ S̄**2 @ Q1.T - S̄**2 @ Q1.T + Q1.T @ Λ, "=", 0),
)
TIED_NOTE = "The premises: the gradients of bao2020/E.2/lemma5-gradients+ at Q2 = Q1ᵀ, halved."
TWO_DIRECTIONS = Hypothesis("r ≠ s", r"r \neq s", (Rel(r, "≠", s),), lambda rng, at: two_of(rng, at["m"]))


def two_of(rng: Random, count: int) -> Instance:
    """Two different indices."""
    if count < 2:
        raise Undefined("there are no two indices")
    first, second = rng.sample(range(1, count + 1), 2)
    return {"r": first, "s": second}


@claim(
    "bao2020/E.2/lemma5",
    where="Appendix E.2, Lemma 5",
    given=[FULL_RANK, MATCHED],
    note=f"{TIED_NOTE} Q1 = O(I − Λ_I S_I⁻²)^½ I_Iᵀ for orthonormal columns O says that Q1ᵀQ1 is diagonal and its "
    "entry i is 0 or 1 − λ_i/σ_i²; what it says of an i ≤ k.",
)
def one_index_set() -> Implication:
    """At a stationary Q1ᵀ = Q2, the i-th direction is not learned, or by the i-th penalty."""
    entry = Entry(Q, i, i)
    return Implication(TIED, (fact(entry * (entry * σ[i] ** 2 - σ[i] ** 2 + λ[i]), "=", 0),), (Q1,))


def tied_steps() -> tuple[Step, ...]:
    """From both equations: a difference, its symmetrisation, the commutator of Q and S², and what is left."""
    commutator = fact(Q @ S̄**2 - S̄**2 @ Q, "=", 0)
    c = integer("c")

    def difference(first: Expr, second: Expr) -> Expr:
        return Q1.T @ first - second @ Q1

    def trace(first: Expr, second: Expr) -> Expr:
        gap = difference(first, second)
        return Tr(S̄**2 @ (gap + gap.T))

    def rest(first: Expr, *_: Expr) -> Expr:
        off = Sum(c, ONE, m, Entry(Q1, a, c) * Entry(Q, c, s) * σ[s] ** 2, (s,))
        return Entry(first, a, s) - off

    return (
        Step(trace, commutator, SqNorm),
        Step(lambda _, __, gap: Entry(gap, r, s), squares=lambda gap: (σ[s] ** 2 - σ[r] ** 2) * gap),
        Step(rest),
    )


@claim(
    "bao2020/E.2/lemma5+",
    where="Appendix E.2, Lemma 5",
    given=[FULL_RANK, ORDERED, TWO_DIRECTIONS],
    note=f"{TIED_NOTE} As the λ_a differ, at most one latent component learns the direction s; which one is free.",
)
def matched_only() -> Implication:
    """At a stationary Q1ᵀ = Q2, Q = Q1ᵀQ1 is diagonal, and where (Q1)_as ≠ 0 its entry s is 1 − λ_a/σ_s²."""
    rest = Entry(Q1, a, s) * (Entry(Q, s, s) * σ[s] ** 2 - σ[s] ** 2 + λ[a])
    return Implication(TIED, (fact(Entry(Q, r, s), "=", 0), fact(rest, "=", 0)), (Q1,), tied_steps(), generic=(r, s))


PRINTED_30 = (
    fact(Q @ Q @ S̄**2 - Q @ S̄**2 + Q1.T @ Λ**2 @ Q1, "=", 0),
    fact(Q @ S̄**2 @ Q - S̄**2 @ Q + Q1.T @ Λ**2 @ Q1, "=", 0),
)


@claim(
    "bao2020/E.2/lemma5-identity",
    where="Appendix E.2, Lemma 5, proof",
    tag="30",
    given=[ORDERED],
    note="From (30) and the equation after it, as they are printed; Λ² drops out.",
)
def symmetrised() -> Implication:
    """QS²Q = Q²S² + S²Q − QS², and with its transpose 2QS²Q = Q²S² + S²Q²."""
    first = Rel(Q @ S̄**2 @ Q, "=", Q**2 @ S̄**2 + S̄**2 @ Q - Q @ S̄**2)
    second = Rel(2 * (Q @ S̄**2 @ Q), "=", Q**2 @ S̄**2 + S̄**2 @ Q**2)
    steps = (
        Step(lambda one, two: two - one),
        Step(lambda one, two, _: (two - one) + (two - one).T),
    )
    return Implication(PRINTED_30, (first, second), (Q1,), steps)


def square_roots_below(rng: Random, at: Instance) -> Instance:
    """λ_i = σ_j sin φ with a direction j of its own choice, so that 1 − λ_i²/σ_j² is a square."""
    sines = [fmpq(3, 5), fmpq(4, 5), fmpq(5, 13), fmpq(8, 17)]
    return {"λ": sorted(rng.choice(at["σ"][: at["k"]]) * rng.choice(sines) for _ in range(at["k"]))}


SQUARES_BELOW = Hypothesis(
    "0 < λ_1 < … < λ_k, λ_i² < σ_i²",
    r"0 < \lambda_1 < \dots < \lambda_k,\ \lambda_i^2 < \sigma_i^2",
    (
        Every(l, ONE, k, Rel(λ[l], ">", ZERO)),
        Every(l, ONE, k - 1, Rel(λ[l], "<", λ[l + 1])),
        Every(l, ONE, k, Rel(λ[l] ** 2, "<", σ[l] ** 2)),
    ),
    square_roots_below,
    lambda rng, at: {"λ": list(at["σ"][: at["k"]])},
)
"""Lemma 5 supposes λ_i < σ_i², but its proof has Λ² in the place of Λ."""


# Its last steps, for k = m ------------------------------------------------------------------------
R1 = Letter("Q1", k, k)
SQUARE = Named("Q", R1.T @ R1)
D_Q = Diag(Family("q"), k, "Q")
REDUCED = Rel(D_Q**2 @ S**2, "=", D_Q @ (S**2 - Λ**2))


@claim(
    "bao2020/E.2/lemma5-commute",
    where="Appendix E.2, Lemma 5, proof",
    given=[FEWER, ORDERED],
    note="Q is m × m, Λ is k × k: the product conforms only if k = m, which is bao2020/E.2/lemma5-commute/square.",
)
def reduction() -> Implication:
    """Q commutes with S² and Λ², so that (30) is Q²S² = Q(S² − Λ²)."""
    return Implication(PRINTED_30, (Rel(Q**2 @ S̄**2, "=", Q @ (S̄**2 - Λ**2)),), (Q1,))


@claim(
    "bao2020/E.2/lemma5-commute/square",
    where="Appendix E.2, Lemma 5, proof",
    given=[SPECTRUM, SQUARES_BELOW],
    note="Read for square Q1 ∈ R^{k×k}, where the shapes conform; Λ² as printed. That Q "
    "commutes with Λ² says nothing of Q1ᵀΛ²Q1.",
)
def reduction_of_squares() -> Implication:
    """With a diagonal Q = Q1ᵀQ1, (30) is Q²S² = Q(S² − Λ²)."""
    equation = fact(SQUARE @ SQUARE @ S**2 - SQUARE @ S**2 + R1.T @ Λ**2 @ R1, "=", 0)
    return Implication(
        (Rel(SQUARE, "=", D_Q), equation), (Rel(SQUARE**2 @ S**2, "=", SQUARE @ (S**2 - Λ**2)),), (R1, D_Q.family)
    )


@claim(
    "bao2020/E.2/lemma5-idempotent",
    where="Appendix E.2, Lemma 5, proof",
    given=[SPECTRUM, SQUARES_BELOW],
    note="The step alone, from Q²S² = Q(S² − Λ²) with a diagonal Q of size k; Λ² as printed. The premise does not "
    "follow (bao2020/E.2/lemma5-commute).",
)
def idempotent() -> Implication:
    """S²(S² − Λ²)⁻¹Q is idempotent."""
    inverse = (S**2 - Λ**2) ** -1
    projection = S**2 @ inverse @ D_Q
    step = Step(lambda gap: S**2 @ inverse @ gap @ inverse)
    return Implication((REDUCED,), (Rel(projection @ projection, "=", projection),), (D_Q.family,), (step,))


@claim("bao2020/E.2/reg-identity", where="Appendix E.2, Lemma 3, proof", given=[ORDERED])
def penalty_of_difference() -> Chain:
    """The square that vanishes at tied weights, expanded."""
    return chain(
        SqNorm(Λ**HALF @ (Q1 - Q2.T)),
        "=",
        Tr(Q1 @ Q1.T @ Λ + Q2.T @ Q2 @ Λ - 2 * (Q1 @ Q2 @ Λ)),
        "=",
        SqNorm(Λ**HALF @ Q1) + SqNorm(Q2 @ Λ**HALF) - 2 * Tr(Q1 @ Q2 @ Λ),
    )


# (28) and (29) ------------------------------------------------------------------------------------
EMBED, LAST = First(m + 1, m), Basis(m + 1, m + 1)
q_, d_ = Sym("q"), Sym("d")
QL, AL = Letter("Q_l", m, m, frozenset({"symmetric"})), Letter("a", m, 1)
DL = Diag(Family("s"), m, "D_l")
LARGER = Named(
    "Q_{l+1}",
    EMBED @ QL @ EMBED.T + EMBED @ AL @ LAST.T + LAST @ AL.T @ EMBED.T + q_ * (LAST @ LAST.T),
)
D_LARGER = Named("D_{l+1}²", EMBED @ DL**2 @ EMBED.T + d_**2 * (LAST @ LAST.T), r"D_{l+1}^2")


@claim(
    "bao2020/E.2/eq28-29",
    where="Appendix E.2, Lemma 4, proof, (28)–(29)",
    tag="28–29",
    note="l is written m. A block is cut out by the first m columns of the identity of size m + 1, or its last.",
)
def blocks() -> All:
    """The blocks of 2QD²Q and the top left one of Q²D² + D²Q² for a matrix that is larger by one."""
    left = 2 * (LARGER @ D_LARGER @ LARGER)
    right = LARGER**2 @ D_LARGER + D_LARGER @ LARGER**2
    return both(
        eq(EMBED.T @ left @ EMBED, 2 * (QL @ DL**2 @ QL + d_**2 * (AL @ AL.T))),
        eq(EMBED.T @ left @ LAST, 2 * (QL @ DL**2 @ AL + d_**2 * q_ * AL)),
        eq(LAST.T @ left @ EMBED, 2 * (AL.T @ DL**2 @ QL + d_**2 * q_ * AL.T)),
        eq(LAST.T @ left @ LAST, 2 * (AL.T @ DL**2 @ AL + d_**2 * q_**2 * Eye(1))),
        eq(
            EMBED.T @ right @ EMBED,
            QL**2 @ DL**2 + DL**2 @ QL**2 + AL @ AL.T @ DL**2 + DL**2 @ AL @ AL.T,
        ),
    )


# The rotation of two latent components ------------------------------------------------------------
AMPLITUDE_COS = HALF * (λ[j] - λ[i]) * (SqNorm(w_j) - SqNorm(w_i))
AMPLITUDE_SIN = -((λ[j] - λ[i]) * Inner(w_i, w_j))
AMPLITUDE = Named("A²", AMPLITUDE_COS**2 + AMPLITUDE_SIN**2, "A^2")


@claim(
    "bao2020/E.2/conditions",
    where="Appendix E.2, Theorem 2, proof",
    given=[ORDERED, ASCENDING_PAIR],
    note="A² = (A cos B)² + (A sin B)², with A cos B from (34) and A sin B from (35) corrected; A ≥ 0. B = βπ says "
    "A sin B = 0 where A ≠ 0, so that Condition 2 is the third and fourth part with the first two.",
)
def conditions_hold() -> All:
    """Condition 1: A = 0 exactly if w_iᵀw_j = 0 and ‖w_i‖ = ‖w_j‖; A sin B = 0 exactly if w_iᵀw_j = 0."""
    orthogonal = fact(Inner(w_i, w_j), "=", 0)
    norms = SqNorm(w_i) - SqNorm(w_j)
    alike = fact(norms, "=", 0)
    no_amplitude, no_sine = fact(AMPLITUDE, "=", 0), fact(AMPLITUDE_SIN, "=", 0)
    apart = λ[j] - λ[i]

    def from_sine(gap: Expr) -> Expr:
        return apart * apart * SqNorm(gap) + SqNorm(AMPLITUDE_COS)

    def from_cosine(gap: Expr) -> Expr:
        return HALF * HALF * apart * apart * SqNorm(gap) + SqNorm(AMPLITUDE_SIN)

    return both(
        eq(A_COS_B, AMPLITUDE_COS),
        eq(A_SIN_B, AMPLITUDE_SIN),
        Implication(
            (no_amplitude,),
            (orthogonal, alike),
            (W2,),
            (Step(lambda a: a, squares=from_sine), Step(lambda a, _: a, squares=from_cosine)),
        ),
        Implication(
            (orthogonal, alike),
            (no_amplitude,),
            (W2,),
            (Step(lambda sine, cosine: apart**2 * (Inner(w_i, w_j) * sine + norms * cosine / 4)),),
        ),
        Implication((no_sine,), (orthogonal,), (W2,), (Step(lambda a: -a, squares=lambda gap: apart * gap),)),
        Implication((orthogonal,), (no_sine,), (W2,), (Step(lambda gap: -(apart * gap)),)),
    )


# Lemma 6 ------------------------------------------------------------------------------------------
learned = integer("κ", r"\kappa", 1, k)
d, g = Family("d"), Family("g")
SHRUNK, GRAM = Diag(d, learned, "D"), Diag(g, k, "G")
O = Letter("O", k, learned)
FRAME = (Rel(O.T @ O, "=", Eye(learned)), Rel(O @ SHRUNK @ O.T, "=", GRAM))
e, f = integer("μ", r"\mu", 1, learned), integer("ν", r"\nu", 1, learned)


def falling_numbers(rng: Random, at: Instance) -> Instance:
    """κ ≤ k and 1 > d_1 > … > d_κ > 0."""
    found = sorted(rng.sample(range(1, 16), at["k"]), reverse=True)
    return {"κ": rng.randint(1, at["k"]), "d": [fmpq(x, 16) for x in found]}


DESCENDING = Hypothesis(
    "1 > d_1 > … > d_κ > 0",
    r"1 > d_1 > \dots > d_\kappa > 0",
    (Rel(d[1], "<", ONE), Rel(d[learned], ">", ZERO), Every(l, ONE, learned - 1, Rel(d[l], ">", d[l + 1]))),
    falling_numbers,
    lambda rng, at: {"d": [fmpq(1, 2)] * at["k"]},
)
"""Of D = I − Λ_I S_I⁻²."""
TWO_LEARNED = Hypothesis("μ ≠ ν", r"\mu \ne \nu", (Rel(e, "≠", f),), lambda rng, at: two_learned(rng, at["κ"]))


def two_learned(rng: Random, count: int) -> Instance:
    """Two different indices."""
    found = two_of(rng, count)
    return {"μ": found["r"], "ν": found["s"]}


ORTHOGONAL_COLUMNS = (
    "κ stands for ℓ. W2ᵀW2 = ODOᵀ, D = I − Λ_I S_I⁻², is diagonal: w_iᵀw_j = 0 for i ≠ j, which the print does not say."
)


@claim(
    "bao2020/E.2/lemma6",
    where="Appendix E.2, Lemma 6",
    given=[FEWER, DESCENDING],
    note=f"{ORTHOGONAL_COLUMNS} That each row has one entry ±1 and zeros says at least that its norm is 1.",
)
def one_entry() -> Implication:
    """O has exactly one entry ±1 in each row."""
    return Implication(FRAME, (fact(Entry(O @ O.T, a, a), "=", 1),), (O, g))


@claim(
    "bao2020/E.2/lemma6+",
    where="Appendix E.2, Lemma 6",
    given=[DESCENDING, TWO_LEARNED],
    note=f"{ORTHOGONAL_COLUMNS} As the columns have norm 1, each has exactly one entry ±1, and each row at most one.",
)
def one_entry_corrected() -> Implication:
    """Two entries of a row of O are not both different from 0, and every entry is 0, 1 or −1."""
    c = integer("c")

    def product(_: Expr, __: Expr, h: Expr) -> Expr:
        return (Entry(O, a, f) * Entry(h, a, e) - Entry(O, a, e) * Entry(h, a, f)) / (d[e] - d[f])

    def cube(_: Expr, gap: Expr, h: Expr, __: Expr) -> Expr:
        two = Named("O_ac O_aμ", Entry(O, a, c) * Entry(O, a, e))
        others = Sum(c, ONE, learned, d[c] * Entry(O, a, c) * two, (e,))
        return Entry(O, a, e) * Entry(gap, a, a) - Entry(h, a, e) - others

    steps = (
        Step(lambda unit, gap: gap @ O - O @ SHRUNK @ unit, Rel(O @ SHRUNK, "=", GRAM @ O)),
        Step(product),
        Step(cube, squares=lambda gap: d[e] * gap),
    )
    conclusions = (fact(Entry(O, a, e) * Entry(O, a, f), "=", 0), fact(Entry(O, a, e) ** 3 - Entry(O, a, e), "=", 0))
    return Implication(FRAME, conclusions, (O, g), steps, generic=(e, f))


# The end of the proof -----------------------------------------------------------------------------
E = Letter("E", k, learned)
h = Family("h")
WHOLE, PART = Diag(h, k, "R"), Diag(d, learned, "R_I")
P = Named("P", O @ E.T)
PICKED = Rel(WHOLE @ E, "=", E @ PART)
REWRITING = (
    "κ stands for ℓ, R for (I − ΛS⁻²)^½, R_I for (I − Λ_I S_I⁻²)^½. For the columns E of the identity that I names "
    "U_I = UE and RE = ER_I; P = OEᵀ."
)


def rewriting(decoder: Expr, *premises: Rel, proof: tuple[Step, ...] = ()) -> Implication:
    encoder = Rel(O @ PART @ (U @ E).T, "=", P @ WHOLE @ U.T)
    return Implication((*premises, PICKED), (encoder, Rel(U @ E @ PART @ O.T, "=", decoder)), (E, d), proof)


@claim("bao2020/E.2/final-P", where="Appendix E.2, Theorem 2, proof", given=[SPECTRUM], note=REWRITING)
def final_form() -> Implication:
    """With matrices of size k, W1 = P(I − ΛS⁻²)^½Uᵀ and W2 = U(I − ΛS⁻²)^½P."""
    return rewriting(U @ WHOLE @ P, Rel(E.T @ E, "=", Eye(learned)))


@claim("bao2020/E.2/final-P+", where="Appendix E.2, Theorem 2, proof", note=REWRITING)
def final_form_corrected() -> Implication:
    """With matrices of size k, W1 = P(I − ΛS⁻²)^½Uᵀ and W2 = U(I − ΛS⁻²)^½Pᵀ."""
    steps = (
        Step(lambda gap: -(O @ gap.T @ U.T)),
        Step(lambda gap, _: -(U @ gap @ O.T)),
    )
    return rewriting(U @ WHOLE @ P.T, proof=steps)
