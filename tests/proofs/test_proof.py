"""How a proof is shown: each step once, nothing cut off, suppositions made or shown to hold as one step."""

from __future__ import annotations

from proofs.kernel import rules
from proofs.kernel.expressions import Num, Sym
from proofs.kernel.propositions import Rel
from proofs.proof import outline, tree

x, y = Sym("x"), Sym("y")
POSITIVE = [Rel(s, ">", Num(0)) for s in (x, y)]


def shown(t):
    steps, places = outline(t)
    return [step.says for step in steps], [(step.rule, step.follows_from) for step in steps], places


def test_suppositions_that_are_made_and_shown_to_hold_one_by_one_are_one_step():
    both = rules.conjunction(tuple(map(rules.hypothesis, POSITIVE)))
    supposed = rules.discharge(rules.discharge(both, POSITIVE[0]), POSITIVE[1])
    says, steps, _ = shown(supposed)
    assert says == ["x > 0 ∧ y > 0", "y > 0 ⇒ (x > 0 ⇒ x > 0 ∧ y > 0)"]
    applied = rules.apply(
        rules.apply(rules.rename(supposed, ((x, y), (y, x))), rules.hypothesis(POSITIVE[0])), both.premises[1]
    )
    says, steps, _ = shown(applied)
    assert says[-1] == "y > 0 ∧ x > 0"
    assert steps[-1] == ("apply", (1,))
    assert len(steps) == 3


def test_a_long_proof_is_whole_and_equal_steps_are_one():
    t = rules.ring(Rel(x, "=", x), ())
    for _ in range(1500):
        t = rules.chain((t, rules.ring(Rel(x, "=", x), ())))
    says, steps, _ = shown(t)
    assert steps[0] == ("ring", ())
    assert len(steps) == len(set(zip(says, steps, strict=True)))
    assert len(steps) == 1501
    assert next(iter(tree(outline(t)[0])))[0] == 0
