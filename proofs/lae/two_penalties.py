"""The sum loss of Kunin et al. with a penalty for each factor, λ_1‖W1‖² + λ_2‖W2‖²: what λ_1 ≠ λ_2 changes.

With c⁴ = λ_2/λ_1 and λ² = λ_1λ_2 it is the sum loss of W1/c and cW2 with the one penalty λ. So all that is known of
that one holds of it: its stationary points are those of kunin2019/eq2, scaled, those with the first directions are the
minima, and the second variation is that of the scaled weights, so that the inertia is the same (kunin2019/thm4.4).
Codes and decoder are balanced up to c²: what with one penalty is Theorem 2.1, W1 = W2ᵀ, is W1 = c²W2ᵀ.

Main results
    scaled       the loss is the sum loss of W1/c and cW2
    balanced     W1 = c²W2ᵀ wherever its gradients vanish, so that λ_1W1W1ᵀ = λ_2W2ᵀW2
    landscape    the list of its stationary points, for every λ_1, λ_2 > 0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flint import fmpq

from proofs.claim import claim
from proofs.hypotheses import Hypothesis, rational
from proofs.kernel.binding import substitute
from proofs.kernel.expressions import Expr, Letter, Named, SqNorm, Sym
from proofs.kernel.propositions import Rel
from proofs.kunin2019.notation import SCALE, W1, W2, X, summed, unregularized, λ
from proofs.kunin2019.section_4 import DATA, NONE, PENALIZED, PLAN, SPECTRUM
from proofs.kunin2019.section_4_sum import LISTED, TO_TIED, completeness, converse
from proofs.methods.chain import Chain, eq
from proofs.methods.conjunction import All, both
from proofs.methods.implication import Implication, Step, fact
from proofs.methods.listed import Converse, Selected
from proofs.methods.stationarity import Complete, Stationary

WHERE = "the sum loss, with a penalty for each factor"
c = Sym("c")
λ_1, λ_2 = Named("λ_1", λ * c**-2, r"\lambda_1"), Named("λ_2", λ * c**2, r"\lambda_2")
THERE: dict[Expr, Expr] = {W1: W1 / c, W2: c * W2}
GIVEN_AS = "λ_1 = λ/c², λ_2 = λc²: any λ_1, λ_2 > 0 are, with λ² = λ_1λ_2 and c⁴ = λ_2/λ_1."
RATIO = Hypothesis(
    "c > 0",
    "c > 0",
    (Rel(c, ">", NONE),),
    lambda rng, at: {"c": rational(rng, at["height"] + 1, True)},
    lambda rng, at: {"c": fmpq(0)},
)


def apart(w1: Expr, w2: Expr, x: Expr = X) -> Expr:
    """𝓛 + λ_1‖W1‖² + λ_2‖W2‖²."""
    return unregularized(w1, w2, x) + λ_1 * SqNorm(w1) + λ_2 * SqNorm(w2)


@claim("lae/penalties/scaled", where=WHERE, given=[RATIO], convention=SCALE, note=GIVEN_AS)
def scaled() -> Chain:
    """The loss is the sum loss of W1/c and cW2, with the penalty λ."""
    return eq(apart(W1, W2), summed(W1 / c, c * W2))


# Its stationary points, by those of the sum loss --------------------------------------------------
LOSS = apart(W1, W2, DATA)
POINTS = replace(
    LISTED,
    form=(c * LISTED.form[0], LISTED.form[1] / c),
    recover=tuple((letter, substitute(value, THERE)) for letter, value in LISTED.recover),
)
VANISHING = tuple(fact(g, "=", 0) for g in Complete(LOSS, POINTS).gradients)


def there(r: Rel) -> Rel:
    """What a relation says of W1/c and cW2."""
    return Rel(substitute(r.left, THERE), r.op, substitute(r.right, THERE))


def moved(step: Step) -> Step:
    """A step about W1 and W2, of W1/c and cW2: the gradients by these are c and 1/c times those by W1 and W2."""

    def at(of: Callable[..., Expr], values: tuple[Expr, ...]) -> Expr:
        holes = tuple(
            Letter(f"°{place}•", *x.shape) if x.shape else Sym(f"°{place}•") for place, x in enumerate(values)
        )
        return substitute(substitute(of(*holes), THERE), dict(zip(holes, values, strict=True)))

    def by(by_encoder: Expr, by_decoder: Expr, *known: Expr) -> Expr:
        return at(step.by, (c * by_encoder, by_decoder / c, *known))

    squares = step.squares
    return Step(
        by,
        None if step.goal is None else there(step.goal),
        None if squares is None else lambda gap: at(squares, (gap,)),
    )


@claim("lae/penalties/balanced", where=WHERE, given=[PENALIZED, RATIO], convention=SCALE, note=GIVEN_AS)
def balanced() -> Implication:
    """Where the gradients vanish W1 = c²W2ᵀ, so that λ_1W1W1ᵀ = λ_2W2ᵀW2."""
    steps = (
        moved(TO_TIED[0]),
        Step(lambda *known: c * known[-1]),
        Step(lambda *known: λ_1 * (known[-1] @ W1.T + c**2 * W2.T @ known[-1].T)),
    )
    conclusions = Rel(W1, "=", c**2 * W2.T), Rel(λ_1 * (W1 @ W1.T), "=", λ_2 * (W2.T @ W2))
    return Implication(VANISHING, conclusions, (W1, W2), steps)


def proof() -> Selected:
    """That of the sum loss, of the scaled weights."""
    own = completeness()
    known = own.equations
    equations = replace(
        known,
        premises=VANISHING,
        conclusions=tuple(map(there, known.conclusions)),
        proof=tuple(moved(s) for s in known.proof if isinstance(s, Step)),
    )
    square, steps = own.square, [moved(s) for s in own.steps]
    *_, encoder, decoder = steps
    steps[-2:] = Step(lambda *f: c * encoder.by(*f)), Step(lambda *f: decoder.by(*f) / c)
    return replace(
        own,
        equations=equations,
        matrix=substitute(own.matrix, THERE),
        square=None if square is None else lambda i: substitute(square(i), THERE),
        steps=tuple(steps),
        values={name: substitute(value, THERE) for name, value in own.values.items()},
    )


def back() -> Converse:
    """The gradients by the scaled weights, 1/c and c times."""
    own = converse()

    def gradients(w1: Expr, w2: Expr) -> tuple[Expr, ...]:
        by_encoder, by_decoder = own.gradients(w1 / c, c * w2)
        return by_encoder / c, c * by_decoder

    by_encoder, by_decoder = own.vanish
    return Converse(gradients, (lambda *f: by_encoder(*f) / c, lambda *f: c * by_decoder(*f)))


@claim("lae/penalties/list", where=WHERE, given=[SPECTRUM, PENALIZED, RATIO], convention=SCALE, note=GIVEN_AS)
def landscape() -> All:
    """The stationary points are W1 = cOD^½U_Iᵀ, W2 = U_ID^½Oᵀ/c with D = I − λΣ_I⁻² and orthonormal O."""
    return both(Complete(LOSS, POINTS, proof(), PLAN), Stationary(LOSS, POINTS, PLAN, back()))
