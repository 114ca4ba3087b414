"""Quotients by exponentials that tend to 0: c/exp(at)^p as t grows.

Main results
    Decays    the statement; it fails exactly where c ≠ 0 and a ≤ 0
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from proofs.algebra.evaluate import Instance, evaluate
from proofs.algebra.printing import latex, text
from proofs.claim import Context, Counterexample, Evidence, Outcome, Witness
from proofs.hypotheses import free_names, instances, show, simplest
from proofs.kernel.binding import free
from proofs.kernel.expressions import Expr, Eye, Sym, exp, misfit
from proofs.kernel.propositions import ZERO, Fades
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused
from proofs.methods.chain import concluded
from proofs.tactics.limits import faded
from proofs.tactics.prove import NotFound


@dataclass(frozen=True)
class Decays:
    """``coefficient / exp(growth · time)^power`` tends to 0 as the time grows."""

    coefficient: Expr
    growth: Expr
    time: Sym
    power: int = 1

    def __post_init__(self) -> None:
        if not (self.coefficient.is_scalar and self.growth.is_scalar):
            misfit(f"{text(self.coefficient)}/exp({text(self.growth)} t) is no number")
        if self.power < 1:
            raise ValueError(f"Decays: what is divided by the power {self.power} of an exponential; want at least 1")
        if any(self.time in free(p) for p in self.parts):
            raise ValueError(f"Decays: coefficient and growth are constants; want them without {self.time.name}")

    @property
    def body(self) -> Expr:
        e = exp(self.growth * self.time)
        return self.coefficient / (e if self.power == 1 else e**self.power)

    @property
    def proposition(self) -> Fades:
        """Of the 1 × 1 matrix, as the kernel's rule measures by norms of matrices."""
        return Fades(self.time, ZERO, self.body * Eye(1))

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.coefficient, self.growth)

    def with_parts(self, parts: Sequence[Expr]) -> Decays:
        return replace(self, coefficient=parts[0], growth=parts[1])

    @property
    def meaning(self) -> list[tuple[str, Expr, Expr]]:
        """As relations: multiples that are not 0 decay alike."""
        return [("≠", self.coefficient, ZERO), (">", self.growth, ZERO)]

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        return (by_growth, by_sign)

    def latex(self) -> str:
        return rf"{latex(self.body)} \to 0 \quad ({latex(self.time)} \to \infty)"

    def text(self) -> str:
        return f"{text(self.body)} → 0 as {text(self.time)} → ∞"


def by_growth(statement: Decays, context: Context) -> Evidence:
    """(c/e^p)² e ≤ c² for e = exp(at) ≥ 1 + at, where a > 0."""
    bound = statement.coefficient**2
    try:
        t = faded(context.ground(), statement.proposition, statement.growth, statement.body**2, bound)
    except (NotFound, Refused, Undecided) as reason:
        return Evidence("kernel", Outcome.UNDECIDED, detail=str(reason))
    return concluded(t, (), context)


def by_sign(statement: Decays, context: Context) -> Evidence:
    """|c/exp(at)^p| ≥ |c| for every t ≥ 0 where a ≤ 0: at exact instances c = 0 or a > 0."""

    def stays(at: Instance) -> bool:
        return bool(evaluate(statement.coefficient, at) != 0 and evaluate(statement.growth, at) <= 0)

    count = 0
    for at in instances(statement.parts, context):
        if stays(at):
            at = simplest(statement.parts, context, stays, None) or at if context.shrink else at
            sides = {text(p): str(evaluate(p, at)) for p in statement.parts}
            remark = f"so that |{text(statement.body)}| does not fall"
            example = Counterexample(show(at, free_names(statement.parts)), sides, remark)
            return Evidence("sign of the growth", Outcome.FAILS, "an exact instance", counterexample=example)
        count += 1
    if not count:
        return Evidence("sign of the growth", Outcome.UNDECIDED, detail="no instance of the hypotheses was found")
    return Evidence("sign of the growth", Outcome.CERTIFIED, f"{count} exact instances")
