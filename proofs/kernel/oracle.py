"""What is taken from a solver on its word: z3 decides whether polynomial inequalities over the reals can all hold.

Main results
    solver    a relation that follows from others, as z3 says: its theorems rest on ``z3``
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofs.kernel.expressions import Expr
from proofs.kernel.gaps import Fractions
from proofs.kernel.propositions import NEGATED, Rel
from proofs.kernel.rules import defined, facts_of, relation, want, with_laws
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Refused, Theorem, rule

Z3 = "z3"
EFFORT = 1_000_000
"""What z3 may spend, in its own units: on every machine the same."""
SMT = {"<": "<", "≤": "<=", ">": ">", "≥": ">=", "=": "=", "≠": "distinct"}


@rule(rests_on=Z3)
def solver(goal: Rel, facts: tuple[Theorem, ...], known: tuple[Theorem, ...] = ()) -> tuple[Iterable[Expr], Expr]:
    """The facts hold and the goal does not: z3 finds no such reals.

    Proof. If the goal failed at an instance at which the facts hold, the values there of the unknown numbers would
    satisfy what z3 is asked, the denominators not being 0. z3 answers that nothing does, and is taken on its word.
    """
    relations = [relation(t) for t in facts]
    for p in (goal, *relations):
        defined(p, known)
    sides = [x for r in (goal, *relations) for x in (r.left, r.right)]
    try:
        fractions = Fractions(sides, facts_of(known), with_laws(known, known))
    except Undecided as why:
        raise Refused(f"{goal}: {why}") from why
    want(fractions.sure, f"{goal}: a denominator may stand outside its range")
    want(
        unsatisfiable(list(question(goal, relations, fractions))), f"{goal}: z3 does not decide, or finds an exception"
    )
    return [], goal


def question(goal: Rel, relations: list[Rel], fractions: Fractions) -> Iterable[str]:
    """Whether reals satisfy the facts and not the goal, as SMT-LIB writes it; denominators are not 0."""
    names = [f"x{n}" for n in range(fractions.context.nvars())]
    yield from (f"(declare-const {x} Real)" for x in names)
    values = fractions.values
    for place, op in enumerate((NEGATED[goal.op], *(r.op for r in relations))):
        (a, b), (c, d) = values[2 * place], values[2 * place + 1]
        over, under = a * d - c * b, b * d
        if not under.is_constant():
            yield f"(assert (distinct {written(under, names)} 0))"
        yield f"(assert ({SMT[op]} {written(over * under, names)} 0))"


def unsatisfiable(lines: list[str]) -> bool:
    import z3

    solver_ = z3.SolverFor("QF_NRA")
    solver_.set("rlimit", EFFORT)
    solver_.from_string("\n".join(lines))
    return bool(solver_.check() == z3.unsat)


def written(poly: Any, names: list[str]) -> str:
    """A polynomial as SMT-LIB writes it."""
    terms = []
    for powers, c in zip(poly.monoms(), poly.coeffs(), strict=True):
        top = f"(- {-c.p})" if c < 0 else f"{c.p}"
        factors = [x for x, e in zip(names, powers, strict=True) for _ in range(int(e))]
        terms.append(" ".join((f"(* (/ {top} {c.q})", *factors)) + ")")
    return " ".join(("(+ 0", *terms)) + ")"
