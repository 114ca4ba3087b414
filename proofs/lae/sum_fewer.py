"""The global minimum of the sum loss of Kunin et al. with fewer latents than directions above λ: for all weights.

Every decoder is W2 = UYΓRᵀ with orthonormal columns of Y, a diagonal Γ and an orthogonal R, by its singular value
decomposition, and the loss at W1, UYΓRᵀ is that at RᵀW1, UYΓ. There what the loss exceeds its value at the first k
directions by is a sum of squares: at j ≤ k those of γ_a E_aj = (1 − λσ_j⁻²)Y_ja and E_aj = γ_a Y_ja for E = W1U, at
j > k the same with σ_k for σ_j, and what Y has of others than the first k. It needs no list of critical points.

Main results
    bounded    no weights have a loss below that at the first k directions
    only       at those that have it W2W1 is U_k(I − λΣ_k⁻²)U_kᵀ
"""

from __future__ import annotations

from random import Random

from flint import fmpq

from proofs.algebra.evaluate import Instance, Undefined
from proofs.claim import claim
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import (
    Basis,
    Diag,
    Entry,
    Expr,
    Eye,
    Family,
    Letter,
    Named,
    Proj,
    SqNorm,
    Sum,
    Sym,
    Tr,
    integer,
)
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import SCALE, W1, I_m, k, m, summed, λ
from proofs.kunin2019.section_4 import DATA, HALF, ONE, PENALIZED, SPECTRUM, Ū, Σ, σ
from proofs.lae.sum_minimum import FEW
from proofs.methods.chain import Chain, chain
from proofs.methods.implication import Implication, Step, fact
from proofs.tactics.relations import Surplus, Tight

WHERE = "the sum loss, with few latents"
γ = Family("γ", r"\gamma")
Γ, E = Diag(γ, k, "Γ"), Named("E", W1 @ Ū)
a, j = integer("a"), integer("j")


def large(rng: Random, at: Instance) -> Instance:
    if at["k"] > at["m"]:
        raise Undefined("fewer directions than latents")
    return {"λ": at["σ"][at["k"] - 1] ** 2 * fmpq(rng.choice((1, 9, 24)), 25)}


LARGE = Hypothesis(
    "k ≤ m, σ_k² > λ",
    r"k \le m,\ \sigma_k^2 > \lambda",
    (Rel(k, "≤", m), Rel(σ[k] ** 2, ">", λ)),
    large,
    lambda rng, at: {"λ": 4 * at["σ"][0] ** 2},
)
GIVEN = [SPECTRUM, PENALIZED, LARGE]


def shrunk(place: Expr) -> Expr:
    return 1 - λ * σ[place] ** -2


def gain(place: Expr) -> Expr:
    """By how much a direction lowers the loss when it is learned."""
    return σ[place] ** 2 * shrunk(place) ** 2


VALUE = Sum(j, ONE, m, σ[j] ** 2) - Sum(j, ONE, k, gain(j))


# The squares --------------------------------------------------------------------------------------
def first(term: Expr) -> Sum:
    return Sum(j, ONE, k, Sum(a, ONE, k, term))


def other(term: Expr) -> Sum:
    return Sum(j, k + 1, m, Sum(a, ONE, k, term))


def row(y: Expr, place: Expr) -> Expr:
    return Basis(place, m).T @ y


def out(y: Expr, place: Expr) -> Expr:
    """What the span of Y leaves out of an axis."""
    return (I_m - y @ y.T) @ Basis(place, m)


def fitted(y: Expr) -> Expr:
    """γ_a E_aj against a multiple of Y_ja."""

    def gap(place: Expr) -> Expr:
        return σ[j] ** 2 * SqNorm(γ[a] * Entry(E, a, j) - shrunk(place) * Entry(y, j, a))

    return first(gap(j)) + other(gap(k))


def tied(y: Expr) -> Expr:
    """E_aj against γ_a Y_ja."""
    code, image, ratio = Entry(E, a, j), γ[a] * Entry(y, j, a), σ[j] ** 2 * σ[k] ** -2
    less = λ * (1 - ratio) * SqNorm(code) + λ * (1 - ratio) * SqNorm(image)
    return first(λ * SqNorm(code - image)) + other(λ * ratio * SqNorm(code - image) + less)


def lost(y: Expr) -> Sum:
    return Sum(j, ONE, k, (gain(j) - gain(k)) * SqNorm(out(y, j)))


def spent(y: Expr, without: tuple[Sym, ...] = ()) -> Sum:
    return Sum(j, k + 1, m, (σ[k] ** 2 - σ[j] ** 2) * shrunk(k) ** 2 * SqNorm(row(y, j)), without)


@claim(
    "lae/sum/fewer",
    where=WHERE,
    given=GIVEN,
    convention=SCALE,
    note="Of all decoders, by a rotation of the latents. The bound is attained by the first k directions: "
    "lae/sum/attained.",
)
def bounded() -> Chain:
    """If σ_k² > λ no weights have a loss below that at the first k directions."""
    y = Letter("Y", m, k, frozenset({"orthonormal"}))
    excess = fitted(y) + tied(y) + lost(y) + spent(y)
    least = Tight((γ[1], shrunk(ONE) ** HALF), (W1, Γ @ y.T @ Ū.T), why=Surplus(excess))
    return chain(summed(W1, Ū @ y @ Γ, DATA), "=", VALUE + excess, "≥", (VALUE, least), plan=FEW)


# Equality -----------------------------------------------------------------------------------------
Y = Letter("Y", m, k)
inside, outside = integer("i", "", 1, k), integer("o", "", k + 1, m)


def excess_of(least: Expr, unit: Expr, *_: Expr) -> Expr:
    """The squares, of the loss less its least value and of YᵀY − I."""
    turned = Sum(j, ONE, k, (gain(j) - gain(k)) * Entry(Y @ unit @ Y.T, j, j))
    return least - Tr(Σ @ E.T @ Γ @ unit @ Γ @ E @ Σ) + gain(k) * Tr(unit) + turned


def left_out(without: tuple[Sym, ...] = ()) -> Sum:
    return Sum(j, ONE, k, SqNorm(out(Y, j)), without)


def only_the_first() -> tuple[Step, ...]:
    """Y has nothing of other directions, so that it leaves nothing out of the first: YYᵀ is the projection on them."""

    def nothing(gap: Expr) -> Expr:
        weight = (σ[k] ** 2 - σ[outside] ** 2) * shrunk(k) ** 2
        return weight * SqNorm(gap) + spent(Y, (outside,)) + fitted(Y) + tied(Y) + lost(Y)

    def all_of(least: Expr, unit: Expr, *_: Expr) -> Expr:
        turned = Sum(j, ONE, k, Entry(Y @ unit @ Y.T, j, j))
        return Sum(j, k + 1, m, SqNorm(row(Y, j))) + turned - Tr(unit)

    def projection(*_: Expr) -> Expr:
        return left_out() + Sum(j, k + 1, m, SqNorm(Y @ row(Y, j).T))

    return (
        Step(excess_of, fact(row(Y, outside), "=", 0), nothing),
        Step(all_of, fact(out(Y, inside), "=", 0), lambda gap: SqNorm(gap) + left_out((inside,))),
        Step(projection, fact(Y @ Y.T - Proj(k, m), "=", 0), SqNorm),
    )


@claim(
    "lae/sum/fewer/only",
    where=WHERE,
    given=GIVEN,
    convention=SCALE,
    note="The premise: the loss is the least. As a minimum is critical W1 = W2ᵀ, so that W2 is U_k(I − λΣ_k⁻²)^½Oᵀ.",
)
def only() -> Implication:
    """Where the loss is least W2W1 is U_k(I − λΣ_k⁻²)U_kᵀ, and nothing else."""
    compressed = (I_m - λ * Σ**-2) @ Proj(k, m)

    def fits(least: Expr, unit: Expr, *_: Expr) -> Expr:
        entry = Entry(row(Y, j), ONE, a)
        return excess_of(least, unit) + other(
            σ[j] ** 2 * (2 * γ[a] * Entry(E, a, j) * shrunk(k) - shrunk(k) ** 2 * entry) * entry
        )

    def product(*known: Expr) -> Expr:
        projects, fit = known[-2:]
        return Ū @ (Y @ fit @ Σ**-1 + projects @ compressed) @ Ū.T

    steps = (
        *only_the_first(),
        Step(
            fits,
            fact((Γ @ E - Y.T @ compressed) @ Σ, "=", 0),
            lambda gap: SqNorm(gap) + tied(Y) + lost(Y) + spent(Y),
        ),
        Step(product),
    )
    decoder = Ū @ Y @ Γ
    premises = Rel(summed(W1, decoder, DATA), "=", VALUE), Rel(Y.T @ Y, "=", Eye(k))
    conclusion = Rel(decoder @ W1, "=", Ū @ compressed @ Ū.T)
    return Implication(premises, (conclusion,), (W1, Y, γ), steps, generic=(inside, outside))
