"""Bao et al. 2020, Section 7: the two distances, the data, and what the experiments show.

d_align takes, for every principal direction, the column of W2 that is nearest to it in angle; d_sub compares subspaces.

Main results
    alignment_range       0 ≤ d_align ≤ 1 where no column of W2 is 0; elsewhere it has no value
    alignment_aligned     it vanishes at the ordered, axis-aligned solutions, at every scale of the latents,
    alignment_order       and where two latents are exchanged: it does not see their order
    subspace_defined      d_sub depends on W2 alone if W2 has rank k, else on which singular vectors are taken
    subspace_range        0 ≤ d_sub ≤ 1
    spacing               singular values 1, …, m are not those that Appendix H.2 spaces between 1 and 100
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined, zeros
from proofs.bao2020.appendix_d import SCALES
from proofs.bao2020.notation import ONE, W2, ZERO, I_k, Q, U, i, j, k, l, m, q
from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Extremum,
    Eye,
    Family,
    Letter,
    Named,
    SqNorm,
    Sum,
    Tr,
    integer,
)
from proofs.kernel.propositions import Every, Rel
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.words import Observed, Open
from proofs.tactics.extrema import Each, Member
from proofs.tactics.relations import Arithmetic, BothWays, Lemma, Tight, via
from proofs.tactics.sums import Termwise

# Definition 7.1 -----------------------------------------------------------------------------------
U_i = U @ Basis(i, k)


def cosine(w: Expr, a: Expr, u: Expr = U) -> Expr:
    """The squared cosine of the angle between u_i and w_a: (uᵀw)_ia² over the squared norms."""
    return Entry(u.T @ w, i, a) ** 2 / (SqNorm(u @ Basis(i, k)) * SqNorm(w @ Basis(a, k)))


def nearest(w: Expr, u: Expr = U) -> Sum:
    return Sum(i, ONE, k, Extremum("max", j, ONE, k, cosine(w, j, u)))


def alignment(w: Expr) -> Named:
    """d_align(w, U)."""
    return Named("d_align", 1 - 1 / k * nearest(w), r"d_{\mathrm{align}}")


def zero_columns(rng: Random, at: Instance) -> Instance:
    return {"W2": zeros(at["m"], at["k"])}


NO_ZERO = Hypothesis(
    "(W2)_j ≠ 0", r"(W_2)_j \neq 0", (Every(j, ONE, k, Rel(SqNorm(W2 @ Basis(j, k)), ">", ZERO)),), None, zero_columns
)


def at_most_one(w: Expr, norm: Expr, u: Expr = U) -> Each:
    """A squared cosine is at most 1: w_j − U_iU_iᵀw_j has a square."""
    w_j = w @ Basis(j, k)
    gap = w_j - U_i @ (U_i.T @ w_j)
    return Each(via("≤", cosine(w, j, u) + SqNorm(gap) / norm))


def at_most_k(w: Expr, norm: Expr, u: Expr = U) -> Any:
    """The cosines of the nearest columns add up to k at most; ``norm`` is ‖w_j‖²."""
    return via("≤", (Sum(i, ONE, k, ONE), Termwise(at_most_one(w, norm, u))))


def in_range(w: Expr) -> All:
    first = Entry(U.T @ w, i, ONE) ** 2 / SqNorm(w @ Basis(ONE, k))
    greatest = Termwise(Member(ONE, via("=", first, "≥", ZERO)))
    least = Lemma(nearest(w), "≥", ZERO, via("≥", (Sum(i, ONE, k, ZERO), greatest)))
    across = w - U @ (U.T @ w)
    return both(
        chain(nearest(w), "≤", (k, Tight((w, U), why=at_most_k(w, SqNorm(w @ Basis(j, k)))))),
        chain(alignment(w), "≤", (ONE, Tight((w, across), why=Arithmetic(least)))),
    )


SUMMED = "d_align = 1 − Σ_i max_j (…)/k, so that d_align ≥ 0 where the sum is at most k."


@claim("bao2020/7/d_align", where="Definition 7.1", note=SUMMED)
def alignment_range() -> All:
    """d_align is a number between 0 and 1."""
    return in_range(W2)


@claim("bao2020/7/d_align+", where="Definition 7.1", given=[NO_ZERO], note=SUMMED)
def alignment_range_corrected() -> All:
    """Where no column of W2 is 0, d_align is a number between 0 and 1."""
    return in_range(W2)


r = Family("r")
LENGTHS = Hypothesis(
    "r_i ≠ 0",
    r"r_i \neq 0",
    (Every(i, ONE, k, Rel(r[i], "≠", ZERO)),),
    lambda rng, at: {"r": [rational(rng, at["height"] + 2, True) * rng.choice((1, -1)) for _ in range(at["k"])]},
    lambda rng, at: {"r": [fmpq(0)] * at["k"]},
)


@claim(
    "bao2020/7/d_align/aligned",
    where="Definition 7.1",
    given=[SCALES, LENGTHS],
    note="The sum is k: d_align = 0. The principal directions are r_iU_i, of any lengths, as the definition has them.",
)
def alignment_aligned() -> Chain:
    """It is 0 at W2 = UQ: it sees neither scale nor sign of the latents, nor of the directions."""
    w, u = U @ Q, U @ Diag(r, k, "R")
    most = via("≥", (Sum(i, ONE, k, ONE), Termwise(Member(i))))
    return eq(nearest(w, u), k, BothWays(at_most_k(w, q[j] ** 2, u), most))


first, second = integer("a", "", 1, k), integer("b", "", 1, k)
DIFFERENCE = Basis(first, k) - Basis(second, k)
EXCHANGED = Named("UP", U @ (I_k - DIFFERENCE @ DIFFERENCE.T))


def two_latents(rng: Random, at: Instance) -> Instance:
    if at["k"] < 2:
        raise Undefined("k = 1 has no two latents")
    return dict(zip("ab", rng.sample(range(1, at["k"] + 1), 2), strict=True))


EXCHANGE = Hypothesis("a ≠ b", r"a \neq b", (Rel(first, "≠", second),), two_latents)
ORDERED_ALIGNMENT = Named(
    "d_ordered", 1 - 1 / k * Sum(i, ONE, k, Entry(U.T @ EXCHANGED, i, i) ** 2), r"d_{\mathrm{ordered}}"
)


@claim(
    "bao2020/7/d_align/order",
    where="Section 7 and Definition 7.1",
    given=[EXCHANGE],
    note="P exchanges the latents a and b. The definition answers 'the speed of convergence to the ordered solution'.",
)
def alignment_order() -> Chain:
    """It is positive at axis-aligned solutions that are not ordered."""
    return chain(alignment(EXCHANGED), ">", ZERO)


@claim(
    "bao2020/7/d_align/order+",
    where="Section 7 and Definition 7.1",
    given=[EXCHANGE],
    note="With the i-th column, of norm 1 here, in the place of the nearest one.",
)
def alignment_order_corrected() -> Chain:
    """The distance that compares U_i with the i-th column alone is 2/k there."""
    return eq(ORDERED_ALIGNMENT, 2 / k)


# Definition 7.2 -----------------------------------------------------------------------------------
A, B = Letter("A", m, k), Letter("B", m, k)
C, E = Letter("C", k, k), Letter("E", k, k)
s = Family("s")
S_W = Diag(s, k, "S")


def distance(v: Expr) -> Expr:
    """d_sub, for left singular vectors v of W2."""
    return 1 - 1 / k * Tr(U @ U.T @ v @ v.T)


def singular_values(rng: Random, at: Instance) -> Instance:
    """Not negative, the last of them often 0."""
    values = sorted((rational(rng, at["height"] + 1, positive=True) for _ in range(at["k"])), reverse=True)
    return {"s": [*values[:-1], values[-1] * rng.choice((0, 1))]}


def positive_values(rng: Random, at: Instance) -> Instance:
    return {"s": [rational(rng, at["height"] + 1, positive=True) for _ in range(at["k"])]}


SINGULAR = Hypothesis("s ≥ 0", r"s \ge 0", (Every(l, ONE, k, Rel(s[l], "≥", ZERO)),), singular_values)
RANK_K = Hypothesis("s > 0", "s > 0", (Every(l, ONE, k, Rel(s[l], ">", ZERO)),), positive_values, singular_values)


def of_weights_alone(proof: tuple[Step, ...] = ()) -> Implication:
    """W2 = ASCᵀ = BSEᵀ, two singular value decompositions, give one distance."""
    decompositions = Rel(A @ S_W @ C.T, "=", B @ S_W @ E.T)
    frames = tuple(Rel(x.T @ x, "=", I_k) for x in (A, B, C, E))
    return Implication((decompositions, *frames), (Rel(distance(A), "=", distance(B)),), (A, B, C, E), proof)


@claim("bao2020/7/d_sub-def", where="Definition 7.2", given=[SINGULAR])
def subspace_defined() -> Implication:
    """d_sub is defined by W2 and U: it does not depend on which left singular vectors are taken."""
    return of_weights_alone()


@claim("bao2020/7/d_sub-def+", where="Definition 7.2", given=[RANK_K], note="s > 0 says that W2 has rank k.")
def subspace_defined_corrected() -> Implication:
    """Where W2 has rank k, d_sub does not depend on which left singular vectors are taken."""

    def inside(one: Expr, other: Expr, cross: Expr, moved: Expr, unit: Expr, square: Expr) -> Expr:
        """(I − one oneᵀ) other, from both decompositions and the residuals of what is orthonormal."""
        outside = Eye(m) - one @ one.T
        return (outside @ moved - one @ unit @ S_W @ cross - outside @ other @ S_W @ square) @ S_W**-1

    return of_weights_alone(
        (
            Step(lambda w, a, b, c, e: inside(A, B, C.T @ E, -(w @ E), a, e), fact(B - A @ A.T @ B, "=", 0)),
            Step(lambda w, a, b, c, e, _: inside(B, A, E.T @ C, w @ C, b, c), fact(A - B @ B.T @ A, "=", 0)),
            Step(lambda *f: Tr(U @ U.T @ (f[-1] @ A.T - B @ f[-2].T)) / -k),
        )
    )


V = Letter("U_W", m, k, frozenset({"orthonormal"}), "U_{W_2}")


@claim("bao2020/7/d_sub-def/range", where="Definition 7.2")
def subspace_range() -> All:
    """d_sub lies between 0, where the subspaces agree, and 1, where they are orthogonal."""
    return both(
        chain(distance(V), "=", 1 / k * SqNorm(V - U @ U.T @ V), "≥", ZERO),
        chain(1 - distance(V), "=", 1 / k * SqNorm(U.T @ V), "≥", ZERO),
    )


@claim("bao2020/7/tang", where="Definition 7.2", note="Tang's Definition 1, from the literature: k − Tr(UUᵀVVᵀ).")
def tang() -> Chain:
    """d_sub is Tang's distance scaled by 1/k: k minus the squared cosines of the principal angles."""
    return chain(distance(V), "=", 1 / k * (k - Tr(U @ U.T @ V @ V.T)), "=", 1 / k * (k - SqNorm(U.T @ V)))


# The data -----------------------------------------------------------------------------------------
place = integer("i", "", 1, 1000)
SPACED = Named("s_i", 1 + Fraction(99, 999) * (place - 1))


@claim(
    "bao2020/7/synthetic-data",
    where="Section 7 and Appendix H.2",
    note="m = 1000, in ascending order; Appendix H.2: equally spaced between 1 and 100.",
)
def spacing() -> Chain:
    """The singular values of the synthetic data in Appendix H.2 are the 1, …, m of Section 7."""
    return eq(SPACED, place)


@claim("bao2020/7/synthetic-data+", where="Section 7 and Appendix H.2")
def spacing_corrected() -> Chain:
    """They are 1 + 11(i − 1)/111: what Section 7 says holds for the first alone."""
    return chain(place - SPACED, "=", Fraction(100, 111) * (place - 1))


# What the experiments show ------------------------------------------------------------------------
@claim("bao2020/7/fig2-3", where="Section 7, Figures 2 and 3")
def curves() -> Observed:
    """What Section 7 says of the training curves on MNIST."""
    return Observed(
        "Unsurprisingly, the uniform l2 regularization fails to learn the axis-aligned solutions. When optimized with "
        "Nesterov accelerated gradient descent, the regularized models, especially non-uniform l2 regularization, has "
        "slow convergence to the axis-aligned solution. The model trained with RAG has a faster convergence.",
        "bao2020/fig2",
        (
            "uniform-l2-does-not-align-nesterov",
            "uniform-l2-does-not-align-adam",
            "rag-faster-than-l2",
            "rag-fastest",
            "l2-slowest",
        ),
    )


@claim("bao2020/7/fig4", where="Section 7, Figure 4")
def scaling() -> Observed:
    """What Section 7 says of the epochs to alignment against the number of latents."""
    return Observed(
        "When optimized with the Nesterov accelerated gradient descent, the non-uniform l2 regularization and the "
        "deterministic nested dropout scale poorly with latent dimension compared to RAG. Although Adam optimizer "
        "provides acceleration for the regularized objectives, it does not solve the poor scaling with latent "
        "dimensions, as both regularized models fail to converge with large latent dimensions.",
        "bao2020/fig4",
        ("rag-reaches", "nesterov-scales-poorly", "adam-accelerates", "adam-scales-poorly", "adam-fails"),
    )


@claim("bao2020/7/adam", where="Section 7")
def adam() -> Observed:
    """Adam is faster on the regularised models and the linear VAE."""
    return Observed(
        "Adam optimizer accelerates the learning of the regularized models and the linear VAE.",
        "bao2020/fig2",
        ("adam-accelerates",),
    )


@claim("bao2020/7/adam/rag", where="Section 7")
def adam_of_rag() -> Open:
    """Adam does not apply to RAG."""
    return Open(
        "Adam is not directly applicable to RAG.",
        "no statement that is true or false: Adam takes any vector field, and Tables 3 and 4 list its rates for RAG; "
        "that RAG's field is no gradient is bao2020/3/rag-not-gradient",
    )


@claim("bao2020/7/minibatch", where="Appendix I.2, Figures 7 and 8")
def minibatch() -> All:
    """With mini-batches of 1000 and of 100 the results are those of full batches, with noise."""
    says = "We observe similar results as in the full-batch setting, with additional stochasticity."
    return both(Observed(says, "bao2020/fig7"), Observed(says, "bao2020/fig8"))
