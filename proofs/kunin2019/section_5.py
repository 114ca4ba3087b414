"""Kunin et al. 2019, Section 5: what trained weights are, and whether every start leads to them.

Main results
    every_start     gradient descent does not leave W1 = W2 = 0, which is no minimum
    eigenvalues     W2W1 has the eigenvalues τ_i² of Figure 5 at the minima of rank k
    regime          at k = λ = 10, σ_i = i, m = 20 the sum loss learns all k directions
"""

from __future__ import annotations

from collections.abc import Callable

from proofs.claim import claim
from proofs.kernel.expressions import Coeff, Expr, Letter, Sym, integer
from proofs.kernel.propositions import ZERO
from proofs.kunin2019.minima import (
    GROWN,
    INVERSE,
    LEARNED,
    PENALIZED,
    PRODUCT,
    SHRUNK,
    SPECTRUM,
    SUMMED,
    UNREGULARIZED,
    U,
)
from proofs.kunin2019.notation import SCALE, k, m, unregularized
from proofs.methods.chain import Chain, chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.words import Observed, Open

A, B = Letter("A", k, m), Letter("B", m, k)
t = Sym("t")


def stays(loss: Callable[[Expr, Expr], Expr]) -> All:
    """At W1 = W2 = 0 the loss has no slope along any A, B; and it is no greater than at any A, B."""
    return both(eq(Coeff(loss(t * A, t * B), t, 1), ZERO), chain(loss(0 * A, 0 * B), "≤", loss(A, B)))


START = "From W1 = W2 = 0 gradient descent goes nowhere: that it reaches a minimum says that this is one."


@claim("kunin2019/s5/GD-global", where="Section 5", convention=SCALE, note=START)
def every_start() -> All:
    """Gradient descent reaches a global minimum regardless of the initialisation."""
    return stays(unregularized)


@claim("kunin2019/s5/GD-global+", where="Section 5")
def almost_every_start() -> Open:
    """Gradient descent reaches a global minimum from almost every start."""
    return Open(
        "From almost every start gradient descent with a small enough learning rate reaches a global minimum.",
        "that every critical point but the global minima has a descending direction is kunin2019/s4.3/strict-saddle; "
        "that the starts which lead to such points have measure zero, and that descent converges, are theorems about "
        "flows on manifolds which nothing here states",
    )


# 5.1 ----------------------------------------------------------------------------------------------
@claim("kunin2019/s5.1/tau", where="Section 5.1, Figure 5", given=[SPECTRUM, PENALIZED, INVERSE], convention=SCALE)
def eigenvalues() -> All:
    """At the minima of rank k, W2W1 multiplies the k principal directions by 1, and by (1 + λ/σ_i²)⁻¹."""
    (a, b), (c, d) = UNREGULARIZED, PRODUCT
    return both(eq(b @ a @ U, U), eq(d @ c @ U, U @ GROWN))


@claim("kunin2019/s5.1/tau/sum", where="Section 5.1, Figure 5", given=[SPECTRUM, LEARNED], convention=SCALE)
def eigenvalues_of_sum() -> Chain:
    """At the minima of the sum loss W2W1 multiplies the k principal directions by 1 − λ/σ_i²."""
    w1, w2 = SUMMED
    return eq(w2 @ w1 @ U, U @ SHRUNK)


place = integer("i", "", 1, 10)


@claim(
    "kunin2019/s5.1/regime",
    where="Section 5.1",
    note="σ_i = i ascends; the ten largest are 20, 19, …, 11. λ = 10 is no σ_i², as footnote 12 asks.",
)
def regime() -> Chain:
    """For k = λ = 10 and σ_i = i, m = 20, the ten largest σ_i² exceed λ: the minimum of the sum loss has rank k."""
    return chain((21 - place) ** 2, "≥", 121, ">", 10)


AS_PRINTED = "trained as printed: entries N(0, 1), learning rate 0.05"
NOTEBOOK = "trained as in the authors' notebook: entries N(0, 0.05²), the rate decays"
PULLS = (
    "Indeed, only the sum loss pulls the encoder and (transposed) decoder together as claimed in the Transpose Theorem."
)
QUADRANT = "The lower right quadrant shows U* ≈ V* for each loss."
DIRECTIONS = (
    "The upper right and lower left quadrants show U ≈ U* and U ≈ V* up to column sign for the product and sum losses, "
    "but not for the unregularized loss."
)
PERFECT = "The (literal) alignment of theory and practice is visually perfect."


@claim("kunin2019/s5.1/fig3", where="Section 5.1, Figure 3", note="Under both ways to train.")
def pulls() -> Observed:
    """What Figure 3 shows."""
    return Observed(PULLS, "kunin2019/fig3")


def quadrant(reading: str) -> Observed:
    return Observed(QUADRANT, "kunin2019/fig4", ("lower-right",), reading)


def directions(reading: str) -> Observed:
    return Observed(DIRECTIONS, "kunin2019/fig4", ("regularised-find-U", "unregularised-does-not"), reading)


def perfect(reading: str) -> Observed:
    return Observed(PERFECT, "kunin2019/fig5", ("visually-perfect",), reading)


@claim("kunin2019/s5.1/fig4-lowerright", where="Section 5.1, Figure 4", convention=AS_PRINTED)
def lower_right() -> Observed:
    """What the lower right quadrant of Figure 4 shows."""
    return quadrant("as printed")


@claim("kunin2019/s5.1/fig4-lowerright/notebook", where="Section 5.1, Figure 4", convention=NOTEBOOK)
def lower_right_of_notebook() -> Observed:
    """What the lower right quadrant of Figure 4 shows."""
    return quadrant("notebook")


@claim("kunin2019/s5.1/fig4-U", where="Section 5.1, Figure 4", convention=AS_PRINTED)
def finds() -> Observed:
    """What the upper right and lower left quadrants of Figure 4 show."""
    return directions("as printed")


@claim("kunin2019/s5.1/fig4-U/notebook", where="Section 5.1, Figure 4", convention=NOTEBOOK)
def finds_of_notebook() -> Observed:
    """What the upper right and lower left quadrants of Figure 4 show."""
    return directions("notebook")


@claim("kunin2019/s5.1/visual", where="Section 5.1, Figure 5", convention=AS_PRINTED)
def alignment() -> Observed:
    """What Figure 5 shows."""
    return perfect("as printed")


@claim("kunin2019/s5.1/visual/notebook", where="Section 5.1, Figure 5", convention=NOTEBOOK)
def alignment_of_notebook() -> Observed:
    """What Figure 5 shows."""
    return perfect("notebook")
