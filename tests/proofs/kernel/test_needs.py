"""What must hold for an expression to have a value, of the nodes that have conditions of their own."""

from __future__ import annotations

from proofs.kernel import expressions as E
from proofs.kernel.propositions import Every, Exists, ForAll, Iff, Implies, Rel, needs, rel

k, n, i = E.size("k"), E.size("n"), E.integer("i")
x, y = E.Sym("x"), E.Sym("y")
f = E.Family("f", length=k)
weights = E.Family("p", length=k)
draws = E.Family("b", random=weights, length=k)


def test_a_member_lies_in_its_family_and_as_many_are_drawn_as_there_are_samples() -> None:
    assert set(needs(f[i])) == {rel(1, "≤", i), rel(i, "≤", k)}
    assert needs(draws[i]) == ()
    assert set(needs(f[draws[n]])) == {rel(1, "≤", draws[n]), rel(draws[n], "≤", k)}
    mean = needs(E.Expect(draws, f[draws[n]]))
    assert not any(isinstance(p, Rel) and n in p.walk() for p in mean)  # but that the weights are a distribution
    assert any(isinstance(p, Every) for p in mean)


def test_both_sides_of_an_equivalence_and_what_exists() -> None:
    assert set(needs(Iff(rel(1 / x, ">", 0), rel(E.log(y), ">", 0)))) == {rel(x, "≠", 0), rel(y, ">", 0)}
    some = Exists(x, rel(1 / x, "=", y))
    assert needs(some) == (ForAll(x, Implies(some.body, rel(x, "≠", 0))),)


def test_what_has_no_derivative_says_so() -> None:
    A = E.Letter("A", k, k)
    never = rel(0, "≠", 0)
    assert never in needs(E.Diff(E.Abs(x), x))
    assert never in needs(E.Grad(E.Rank(A), A))
    assert never not in needs(E.Diff(E.Abs(y) * x, x))
    assert rel(E.det(A), ">", 0) in needs(E.Grad(E.log(E.det(A)), A))
