"""Nothing is what it is by its name: names that the kernel uses itself, names used twice, names that a sum binds."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.kernel import expressions as E
from proofs.kernel import rules, semidefinite
from proofs.kernel.approximation import eckart_young
from proofs.kernel.binding import free, plain, substitute
from proofs.kernel.existence import selection, witness
from proofs.kernel.expressions import Family, Letter, Named, integer, lift
from proofs.kernel.meaning import equal
from proofs.kernel.propositions import Exists, Fades, ForAll, Implies, Rel, rel
from proofs.kernel.theorem import Theorem
from tests.soundness.attacks import (
    ONE,
    Attempt,
    each,
    eq,
    f,
    g,
    given,
    h,
    i,
    j,
    k,
    l,
    m,
    refused,
    ring,
    total,
    v,
    w,
    x,
    y,
    z,
)

b1, b2 = Family("b", random=w, length=k), Family("b", random=v, length=k)
own = {
    name: integer(name) for name in ("•", "••", "•0", "•1", "•hole0", "•x", "•d", "•e", "•i", "•j", "°1", "°2", "b°")
}
SUM_IN_RULE = Family("h", define=lambda a: total(f[a] * g[l]))
A = Letter("A", k, k)
z_ = integer("z")


def noisy(noise: Any, name: str = "ε") -> Letter:
    return Letter(name, k, m, noise=noise)


def probabilities(length: Any = k) -> tuple[Theorem, ...]:
    return given(eq(total(w[l], hi=length), 1)), given(each(rel(w[l], "≥", 0), hi=length))


def biggest(e: Any) -> E.Extremum:
    return E.Extremum("max", l, ONE, k, e)


def instance_at_the_bound_name() -> Theorem:
    """∀ i: h_i = f_i Σ_l g_l at i = l, where the rule of h sums over l."""
    every = rules.generalise(ring(SUM_IN_RULE[i], f[i] * total(g[l])), i, ONE, k)
    at_l = rules.instance(every, l, given(rel(1, "≤", l)), given(rel(l, "≤", k)))
    return rules.chain((ring(total(f[j] * g[j], j), SUM_IN_RULE[l]), at_l))


def renamed(t: Theorem, *mapping: Any) -> Theorem:
    return rules.rename(t, mapping)


def mean_square(variance: Any) -> Theorem:
    ε = noisy(variance)
    count = total(total(1, j, ONE, m), i)
    return ring(E.Expect(ε, E.SqNorm(ε)), variance * count, given(rel(variance, "≥", 0)))


def mean(length: Any = k) -> Theorem:
    draws = Family("b", random=w, length=length)
    return ring(E.Expect(draws, f[draws[1]]), total(w[l] * f[l], hi=length), *probabilities(length))


def changing() -> Theorem:
    """A rule that says f_a first and g_a then."""
    says = [f]
    h = Family("h", define=lambda a: says[0][a])
    first = ring(f[1], h[1])
    says[0] = g
    return rules.chain((first, ring(h[1], g[1])))


def looking() -> Theorem:
    """Rules that look at the name of their index, and say the same of those that are compared."""
    first, then = (
        Family("h", define=lambda a, there=there: (f if a.name in ("•", "••") else there)[a] + 0 * own["•"])
        for there in (g, w)
    )
    return rules.chain((ring(g[1], first[1]), ring(then[1], w[1])))


def matrices() -> Theorem:
    """Members that are matrices would commute like numbers."""
    B = Letter("B", k, k)
    a, b = Family("a", define=lambda i: A), Family("b", define=lambda i: B)
    return rules.chain((ring(A @ B, A @ B), ring(a[1] * b[1], b[1] * a[1]), ring(B @ A, B @ A)))


def mask() -> Theorem:
    """Members f_a, and tails of weights g_a: only one of them is in the mask."""
    two = Family("h", define=lambda a: f[a], tail=lambda a: g[a], length=k)
    return ring(E.Entry(E.MaxMask(A, two), ONE, ONE), E.Entry(A, ONE, ONE) * total(g[l]), given(rel(1, "≤", k)))


def some_number_is_x() -> Theorem:
    """∃ f: ∂(f_1 x)/∂x = f_1 + x, as if f_1 = x moved along: at x = 1 there is none."""
    moving = Family("h", define=lambda a: x)
    goal = Exists(f, eq(E.Diff(f[1] * x, x), f[1] + x))
    return witness(goal, moving, ring(E.Diff(moving[1] * x, x), moving[1] + x))


def some_number_is_a_trace() -> Theorem:
    """The same of a gradient."""
    W = Letter("W", 1, 1)
    moving = Family("h", define=lambda a: E.Tr(W))

    def says(of: Family) -> Rel:
        return Rel(E.Grad(of[1] * E.Tr(W), W), "=", (of[1] + E.Tr(W)) * E.Eye(1))

    return witness(Exists(f, says(f)), moving, rules.ring(says(moving)))


ATTACKS: dict[str, Attempt] = {
    "a family that moves, in a derivative": some_number_is_x,
    "a family that moves, in a gradient": some_number_is_a_trace,
    "a rule that changes": changing,
    "a rule that looks at its index": looking,
    "members that are matrices": matrices,
    "members that are matrices, alone": lambda: rules.square(Family("h", define=lambda a: A)[1]),
    "members and tails": mask,
    "drawn, with a rule": lambda: rules.square(Family("h", define=lambda a: f[a], length=k, random=w)[1]),
    "a length that is real": lambda: ring(Family("f", length=E.Sym("k"))[1], Family("f", length=k)[1]),
    "a draw that is known": lambda: ring(
        E.Expect(b1, E.Tr(E.Proj(b1[1], m))), m, *probabilities(), given(rel(1, "≤", m)), given(rel(m, "≤", b1[1]))
    ),
    "some π": lambda: given(Exists(E.PI, eq(E.PI, 0))),
    "every π": lambda: given(ForAll(E.PI, eq(E.PI, 0))),
    "a limit along π": lambda: given(Fades(E.PI, ONE, x)),
    "some family with a rule": lambda: given(Exists(SUM_IN_RULE, rel(SUM_IN_RULE[1], ">", 0))),
    "some noise": lambda: given(Exists(noisy(x), rel(E.SqNorm(noisy(x)), ">", 0))),
    "noise in a name": lambda: ring(E.Tr(Letter("εx", k, k)), E.Tr(Letter("ε", k, k, noise=x))),
    "noise of one print": lambda: ring(E.SqNorm(noisy(Named("v", x))), E.SqNorm(noisy(Named("v", y)))),
    "noise in two letters of one name": lambda: ring(
        E.Expect(noisy(x), E.Inner(noisy(x), noisy(y))), x * k * m, given(rel(x, "≥", 0)), given(rel(k, "≥", 1))
    ),
    "a letter's name with a number": lambda: ring(E.Tr(Letter("A\0001", 1, 1)), E.Tr(Letter("A", lift(1), lift(1)))),
    "sides of one value": lambda: ring(E.Tr(Letter("A", 2, 2)), E.Tr(Letter("A", lift(2), lift(2)))),
    "traits": lambda: ring(E.Tr(Letter("A", k, k)), E.Tr(Letter("A", k, k, frozenset({"symmetric"})))),
    "integer and real of one name": lambda: ring(E.Sym("k"), k),
    "families of other lengths": lambda: ring(Family("f", length=k)[1], Family("f", length=m)[1]),
    "a family of length None": lambda: ring(Family("f")[1], Family("f", length=integer("None"))[1]),
    "drawn with other weights": lambda: ring(f[b1[1]], f[b2[1]]),
    "drawn by another family": lambda: ring(E.Expect(b1, f[b2[1]]), total(w[l] * f[l]), *probabilities()),
    "drawn in a maximum": lambda: ring(
        E.Expect(b1, biggest(f[l] * f[b1[1]])), biggest(f[l] * f[b1[1]]), *probabilities()
    ),
    "drawn in a symbolic power": lambda: ring(
        E.Expect(b1, x ** b1[1]), x ** b1[1], *probabilities(), given(rel(x, ">", 0))
    ),
    "drawn in a denominator": lambda: ring(
        E.Expect(b1, f[b1[1]] / f[b1[1]]), 1, *probabilities(), given(rel(f[b1[1]], "≠", 0))
    ),
    "noise in a denominator": lambda: ring(
        E.Expect(noisy(x), E.SqNorm(noisy(x)) / E.SqNorm(noisy(x))),
        1,
        given(rel(x, "≥", 0)),
        given(rel(E.SqNorm(noisy(x)), "≠", 0)),
    ),
    "a sum in a rule": instance_at_the_bound_name,
    "a rule that speaks of •": lambda: rules.chain(
        (
            ring(f[1], Family("h", define=lambda a: f[a])[1]),
            ring(Family("h", define=lambda a: f[own["•"]])[1], f[own["•"]]),
        )
    ),
    "•0 captured": lambda: rules.chain(
        (
            ring(total(f[l] * g[l]), total(f[j] * g[j], j)),
            ring(total(f[j] * g[own["•0"]], j), g[own["•0"]] * total(f[l])),
        )
    ),
    "°1 captured": lambda: ring(total(f[l] * g[own["°1"]]), total(f[l] * g[l])),
    "°2 captured": lambda: ring(total(total(f[l] * g[own["°2"]]), i), total(total(f[l] * g[l]), i)),
    "•hole0 captured": lambda: ring(
        total(biggest(f[l] * (g[i] + w[own["•hole0"]])), i), total(biggest(f[l] * (g[i] + w[i])), i)
    ),
    "•x captured": lambda: rules.ring(
        Rel(
            E.Diag(Family("h", define=lambda a: g[a] * f[own["•x"]]), k),
            "=",
            E.Diag(Family("q", define=lambda a: g[a] * f[a]), k),
        )
    ),
    "•x in a mask": lambda: rules.ring(
        Rel(
            E.MaxMask(A, Family("h", define=lambda a: f[own["•x"]])),
            "=",
            E.MaxMask(A, Family("q", define=lambda a: f[a])),
        )
    ),
    "b° captured": lambda: ring(
        Family("s", tail=lambda a: f[a] * g[own["b°"]], length=k)[1],
        Family("t", tail=lambda a: f[a] * g[a], length=k)[1],
    ),
    "•d in a diagonal": lambda: semidefinite.diagonal(
        g[own["•d"]] * E.Diag(f, k), given(each(rel(g[l] * f[l], "≥", 0)))
    ),
    "•d in a triangle": lambda: semidefinite.triangular(
        E.LowerMask(f[own["•d"]] * A), given(each(rel(E.Entry(E.LowerMask(f[l] * A), l, l), "≠", 0)))
    ),
    "•e in singular values": lambda: eckart_young(
        given(
            Rel(
                A,
                "=",
                Letter("P", k, k, frozenset({"orthonormal"}))
                @ E.Diag(Family("s", define=lambda a: g[a] * f[own["•e"]]), k)
                @ Letter("Q", k, k, frozenset({"orthonormal"})).T,
            )
        ),
        given(each(rel(g[l] * f[l], "≥", g[l + 1] * f[l]), hi=k - 1)),
        given(each(rel(g[l] * f[l], "≥", 0))),
        A,
        A,
        ONE,
        given(rel(0, "≤", 1)),
    ),
    "•i in a selection": lambda: selection(
        f[own["•i"]] * A,
        given(each(each(Implies(rel(i, "≠", j), eq(E.Entry(f[i] * A, i, j), 0)), j), i)),
        g,
        (integer("ℓ"), Letter("F", k, integer("ℓ"), frozenset({"orthonormal"})), Family("d"), Family("q")),
    ),
    "a derivative by a member, renamed": lambda: renamed(ring(E.Diff(y * f[i], f[i]), y), (y, f[i])),
    "a derivative by a member, replaced": lambda: rules.replace(E.Diff(h * f[i], f[i]), ((h, given(eq(y, f[i]))),)),
    "a derivative by another member": lambda: renamed(ring(E.Diff(y * f[i], f[i]), y), (y, f[j])),
    "a variance renamed": lambda: renamed(mean_square(x), (x, y)),
    "a variance that is bound": lambda: rules.chain(
        tuple(ring(total(E.Expect(noisy(f[l]), E.SqNorm(noisy(f[l]))), s), total(x, s)) for s in (l, j))
    ),
    "the number of draws renamed": lambda: renamed(mean(), (k, m)),
    "a size renamed": lambda: renamed(ring(E.Tr(E.Eye(k)), total(1)), (k, m)),
    "π differentiated": lambda: ring(E.Coeff(E.PI * y, E.PI, 1), 0),
    "π differentiated, its derivative": lambda: ring(E.Diff(E.PI * y, E.PI), 0),
    "Π over a real": lambda: ring(total(x, x, ONE, 2), 2 * x),
    "a maximum over a real": lambda: rules.square(E.Extremum("max", x, ONE, k, x)),
    "an index in the size of a diagonal letter": lambda: ring(
        E.Sum(l, ONE, lift(2), E.Tr(Letter("D", l, l, frozenset({"diagonal"})))), 0, given(rel(l, "≤", 0))
    ),
    "an index in the size of a sum": lambda: ring(E.Tr(E.Sum(l, ONE, ONE, E.Eye(l))), 1, given(rel(l, "≥", 1))),
    "an exponent that is bound": lambda: ring(
        total((2 * l - 3) * x**l, hi=2), 0, given(rel(x, ">", 0)), given(each(rel(x, ">", 0), hi=2))
    ),
    "an exponent named as a fresh index": lambda: ring(
        total(x**l), k * x ** own["°1"], given(rel(k, "≥", 1)), given(rel(x, ">", 0)), given(each(rel(x, ">", 0)))
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_is_refused(name: str) -> None:
    refused(ATTACKS[name])


@pytest.mark.parametrize("name", own)
def test_a_sum_captures_no_name_of_the_kernel(name: str) -> None:
    """Whatever the free name: it is no bound one, in the normal form and in the plain one."""
    s = own[name]
    for make in (lambda e: total(e), lambda e: total(biggest(e) * f[l]), lambda e: total(total(e * f[i], i))):
        apart, bound = make(f[l] * g[s]), make(f[l] * g[l])
        assert plain(apart) != plain(bound)
        assert not equal(apart, bound)
        assert s in free(plain(apart))
        assert plain(apart) == plain(substitute(make(f[l] * g[z_]), {z_: s}))


def test_what_is_bound_may_have_any_name() -> None:
    for s in own.values():
        assert rules.same(total(f[s] * g[i], s), total(f[j] * g[i], j))
        assert equal(total(f[s] * g[i], s), g[i] * total(f[j], j))


def test_the_rule_of_a_family_captures_nothing() -> None:
    """Σ_l in a rule is over an index of its own, wherever the member stands."""
    assert equal(SUM_IN_RULE[l], f[l] * total(g[j], j))
    assert equal(total(SUM_IN_RULE[l]), total(f[i], i) * total(g[j], j))
    assert rules.same(SUM_IN_RULE[l], total(f[l] * g[j], j))


def test_families_are_told_apart_by_what_their_rules_say() -> None:
    rules_ = [lambda a: f[a], lambda a: f[own["•"]], lambda a: f[own["••"]], lambda a: f[a] + 0 * z]
    families = [Family("h", define=r) for r in rules_]
    assert len(set(families)) == len(rules_)
    inner = [lambda a: Family("q", define=lambda c: f[a] * g[c]), lambda a: Family("q", define=lambda c: f[c] * g[a])]
    assert Family("h", define=lambda a: inner[0](a)[l]) != Family("h", define=lambda a: inner[1](a)[l])


def test_a_named_definition_is_its_body() -> None:
    assert not rules.same(Named("v", x), Named("v", y))
    assert rules.same(Named("v", x), Named("u", x))
    refused(lambda: ring(Named("v", x), Named("v", y)))
