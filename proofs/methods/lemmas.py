"""Lemmas that prove a link a ≤ b for all sizes, each from identities and inequalities that are proved on the way.

A lemma stands as the reason of a link. Its last step ends in the printed expression itself, by equal normal forms: a
printed formula that is merely weaker is noticed.

Main results
    via             a derivation in between: ``via("≥", a, "=", b)``
    Tight           an inequality with the limit in which it becomes an equality
    Each, Member    every a_i ≤ c gives max a ≤ c; max a ≥ a_i
    WeightedMean    max_j x_j ≥ Σ w_j x_j / Σ w_j
    EachTerm        x ≤ min or x ≥ max of terms, with a reason for each
    Pooled          x ≤ a_j/b_j for every j gives x ≤ Σ a_j / Σ b_j
    Mediant         x ≥ a/c and x ≥ b/d give x ≥ (a + b)/(c + d), and likewise ≤
    Termwise        a_j ≤ b_j gives Σ a_j ≤ Σ b_j
    Factorwise      a product falls when its factors fall
    Fractions       equality of numerators and of denominators
    CauchySchwarz   Σ a_j/d_j · Σ a_j d_j ≥ (Σ a_j)²
    ProductOne      Σ x_j ≥ k − 1 when Π x_j = 1
    Within          a proof for some sizes
    Reindexed       equality of sums after a shift of the index: telescoping
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from proofs.algebra import normal
from proofs.algebra.printing import text
from proofs.claim import Outcome
from proofs.kernel import expressions as E
from proofs.kernel.binding import substitute
from proofs.kernel.propositions import Rel
from proofs.methods.inequality import Verdict, atomic, equal, implies, no, positive, prove, proves, within
from proofs.methods.order import ONE, Arena, index_key, opened


@dataclass(frozen=True)
class Via:
    """Intermediate members, each link proved; the last is equal to the right side."""

    steps: tuple[tuple[str, E.Expr, Any], ...]
    last: Any = ""

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        here, hows = left, []
        for step, expr, why in self.steps:
            found = prove(here, step, expr, why, arena)
            if not proves(found):
                return no(f"{step} {text(expr)}: {found[1]}")
            hows.append(f"{step} {text(expr)} ({found[1]})")
            here = expr
        found = prove(here, "=", right, self.last, arena)
        if not proves(found):
            return no(f"the derivation ends with {text(here)}: {found[1]}")
        if not implies([s[0] for s in self.steps], relation):
            return no(f"the derivation gives {' '.join(s[0] for s in self.steps)}")
        return Outcome.PROVED, " ".join(hows)


def via(*members: Any, last: Any = "") -> Via:
    """``via("≥", a, "=", (b, lemma))``: a derivation between the two sides of a link, whose last member is the right
    side."""
    steps = []
    for relation, member in zip(members[::2], members[1::2], strict=True):
        expr, why = member if isinstance(member, tuple) else (member, "")
        steps.append((relation, E.lift(expr), why))
    return Via(tuple(steps), last)


@dataclass(frozen=True, init=False)
class Tight:
    """An inequality that cannot be improved: it holds, and in the limit that the substitutions name it is an equality.

    A weaker or stronger right side, which real arithmetic alone may also prove, does not become equal there.
    """

    tight_at: tuple[tuple[E.Expr, E.Expr], ...]
    why: Any

    def __init__(self, *limit: tuple[E.Expr, E.Scalar], why: Any = ""):
        object.__setattr__(self, "tight_at", tuple((a, E.lift(b)) for a, b in limit))
        object.__setattr__(self, "why", why)

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        found = prove(left, relation, right, self.why, arena)
        if not proves(found):
            return found
        for a, b in self.tight_at:
            left, right = (substitute(side, {a: b}) for side in (left, right))
        if not proves(equal(left, right, arena)) and not proves(Reindexed().prove(left, "=", right, arena)):
            return no(
                f"{found[1]}, but it is not tight at {', '.join(f'{text(a)} = {text(b)}' for a, b in self.tight_at)}"
            )
        return Outcome.PROVED, f"{found[1]}; tight at {', '.join(f'{text(a)} = {text(b)}' for a, b in self.tight_at)}"


@dataclass(frozen=True)
class Each:
    """A bound on every member of a maximum is a bound on the maximum; ``why`` may depend on the generic index."""

    why: Any = ""

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        side = opened(right) if relation in ">≥" else opened(left)
        if not isinstance(side, E.Extremum) or side.kind != "max":
            return no("no maximum to bound")
        var, inside = arena.generic(side.var, side.lo, side.hi)
        body = substitute(side.body, {side.var: var})
        pair = (left, body) if relation in ">≥" else (body, right)
        found = prove(pair[0], relation, pair[1], self.why(var) if callable(self.why) else self.why, inside)
        return found[0], f"for each {side.var}: {found[1]}"


@dataclass(frozen=True)
class Member:
    """A maximum is at least its member at an index; then on from there."""

    index: E.Expr
    why: Any = ""

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        side = opened(left) if relation in ">≥" else opened(right)
        if not isinstance(side, E.Extremum) or side.kind != "max":
            return no("no maximum to take a member of")
        if not within(arena, index_key(self.index), side.lo, side.hi):
            return no(f"the index {self.index} may lie outside {side.lo}, …, {side.hi}")
        member = substitute(side.body, {side.var: self.index})
        pair = (member, right) if relation in ">≥" else (left, member)
        found = prove(pair[0], relation, pair[1], self.why, arena)
        return found[0], f"the member {side.var} = {self.index}: {found[1]}"


@dataclass(frozen=True)
class WeightedMean:
    """max_j x_j ≥ Σ_j w_j x_j / Σ_j w_j for weights w_j > 0: Σ_j w_j (max x − x_j) ≥ 0."""

    weight: Callable[[E.Expr], E.Expr]
    total: E.Expr

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        side = opened(left)
        if not isinstance(side, E.Extremum) or side.kind != "max" or relation != "≥":
            return no("no maximum to bound below")
        weight = self.weight(side.var)
        if not arena.filled(side.lo, side.hi):
            return no("the maximum may be over no index")
        if not proves(prove(*positive(weight, side, arena))):
            return no(f"the weight {text(weight)} is not positive")
        whole = E.Sum(side.var, side.lo, side.hi, weight)
        mixed = E.Sum(side.var, side.lo, side.hi, weight * side.body)
        for a, b in ((whole, self.total), (mixed, right * self.total)):
            found = Reindexed().prove(a, "=", b, arena)
            if not proves(found):
                return no(f"{text(a)} = {text(b)}: {found[1]}")
        return Outcome.PROVED, f"the mean with weights {text(weight)}"


@dataclass(frozen=True, init=False)
class EachTerm:
    """x is at most the least of terms, or at least the greatest, as each of them says for a reason of its own.

    The reason of a term with an index is its range and a reason at that index: over less the bound would be weaker.
    """

    whys: tuple[Any, ...]

    def __init__(self, *whys: Any):
        object.__setattr__(self, "whys", whys)

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        picked = opened(right)
        kind = {"≤": "min", "≥": "max"}.get(relation)
        if not isinstance(picked, E.Pick) or picked.kind != kind or len(picked.terms) != len(self.whys):
            return no("not terms with a reason for each")
        for term, why in zip(picked.terms, self.whys, strict=True):
            inside, reason = arena, why
            if isinstance(term, E.Extremum) and term.kind == kind:
                lo, hi, at = why
                if (index_key(term.lo), index_key(term.hi)) != (index_key(E.lift(lo)), index_key(E.lift(hi))):
                    return no(f"{text(term)} is not over {lo}, …, {hi}")
                var, inside = arena.generic(term.var, term.lo, term.hi)
                term, reason = substitute(term.body, {term.var: var}), at(var)
            found = prove(left, relation, term, reason, inside)
            if not proves(found):
                return no(f"{relation} {text(term)}: {found[1]}")
        return Outcome.PROVED, "term by term"


@dataclass(frozen=True)
class Pooled:
    """x ≤ a_j/b_j with b_j > 0 for every j gives x ≤ Σ a_j / Σ b_j, as x b_j ≤ a_j; ``total`` is Σ a_j, or more."""

    over: Callable[[E.Expr], E.Expr]
    total: E.Expr
    under: E.Sum
    why: Callable[[E.Expr], Any]

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        s = self.under
        if relation != "≤" or not arena.filled(s.lo, s.hi):
            return no("not an upper bound, or over no index")
        var, inside = arena.generic(s.var, s.lo, s.hi)
        below, above = substitute(s.body, {s.var: var}), self.over(var)
        steps: tuple[tuple[Any, ...], ...] = (
            (below, ">", E.lift(0), "", inside),
            (left, "≤", above / below, self.why(var), inside),
            (E.Sum(s.var, s.lo, s.hi, self.over(s.var)), "=", self.total, Reindexed(), arena),
            (self.total / s, "=", right, Fractions(), arena),
        )
        for step in steps:
            found = prove(*step)
            if not proves(found):
                return no(f"{text(step[0])} {step[1]} {text(step[2])}: {found[1]}")
        return Outcome.PROVED, "the sum over the sum"


@dataclass(frozen=True, init=False)
class Mediant:
    """x ≥ a/c and x ≥ b/d with c, d > 0 give x ≥ (a + b)/(c + d), for any number of fractions: xc ≥ a and xd ≥ b.

    Likewise for ≤. Each is given as numerator, denominator and the reason of x ≥ numerator/denominator.
    """

    fractions: tuple[tuple[E.Expr, E.Expr, Any], ...]

    def __init__(self, *fractions: tuple[E.Scalar, E.Scalar, Any]):
        object.__setattr__(self, "fractions", tuple((E.lift(a), E.lift(c), why) for a, c, why in fractions))

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        if relation not in "≤≥":
            return no("fractions bound from one side")
        for over, under, why in self.fractions:
            if not proves(prove(under, ">", E.lift(0), "", arena)):
                return no(f"{text(under)} is not known to be positive")
            found = prove(left, relation, over / under, why, arena)
            if not proves(found):
                return no(f"{text(left)} {relation} {text(over / under)}: {found[1]}")
        overs, unders = (E.add(*(f[place] for f in self.fractions)) for place in (0, 1))
        found = equal(overs / unders, right, arena)
        return (Outcome.PROVED, "the sum of the numerators over that of the denominators") if proves(found) else found


@dataclass(frozen=True)
class Termwise:
    """Sums over the same range compare as their terms do."""

    why: Any = ""

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        a, b = opened(left), opened(right)
        if not (isinstance(a, E.Sum) and isinstance(b, E.Sum) and (a.lo, a.hi, a.without) == (b.lo, b.hi, b.without)):
            return no("not two sums over one range")
        if relation in "<>" and not arena.filled(a.lo, a.hi):
            return no("the sums may have no term")
        var, inside = arena.generic(a.var, a.lo, a.hi)
        bodies = (substitute(x.body, {x.var: var}) for x in (a, b))
        found = prove(next(bodies), relation, next(bodies), self.why, inside)
        return found[0], f"term by term: {found[1]}"


@dataclass(frozen=True)
class Factorwise:
    """A product of positive factors falls when every factor falls and every denominator grows.

    One factor on the smaller side may be of any sign: where it is not positive, neither is the product.
    """

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        if relation != "<":
            return no("a product that is smaller")
        pairs = list(zip(*(list(spread(side)) for side in (left, right)), strict=False))
        if len(pairs) != len(list(spread(left))) or any(a[1] != b[1] for a, b in pairs):
            return no("the products do not correspond")
        strict, unsigned = False, 0
        for (a, inverse), (b, _) in pairs:
            if not proves(prove(b, ">", E.lift(0), "", arena)):
                return no(f"{text(b)} is not known to be positive")
            if proves(prove(a, "=", b, "", arena)):
                continue
            if not proves(prove(a, ">" if inverse else "<", b, "", arena)):
                return no(f"{text(a)} is not known to be {'larger' if inverse else 'smaller'} than {text(b)}")
            strict = True
            unsigned += not inverse and not proves(prove(a, ">", E.lift(0), "", arena))
        return (Outcome.PROVED, "factor by factor") if strict and unsigned <= 1 else no("the products may be equal")


def spread(e: E.Expr) -> Iterator[tuple[E.Expr, bool]]:
    """The factors of a product, with whether they stand in the denominator."""
    e = opened(e)
    if isinstance(e, E.Mul):
        for f in e.factors:
            yield from spread(f)
    elif isinstance(e, E.Pow) and e.exponent == E.Num(Fraction(-1)):
        yield from ((f, not inverse) for f, inverse in spread(e.base))
    else:
        yield e, False


@dataclass(frozen=True)
class Fractions:
    """Two fractions are equal when their numerators are and their denominators are."""

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        sides = [list(spread(side)) for side in (left, right)]
        for inverse in (False, True):
            a, b = (E.mul(1, *(f for f, below in side if below == inverse)) for side in sides)
            found = equal(a, b, arena)
            if relation != "=" or not proves(found):
                return no(f"{text(a)} = {text(b)}: {found[1]}")
        return Outcome.PROVED, "equal numerators and denominators"


@dataclass(frozen=True)
class CauchySchwarz:
    """Σ a_j/d_j · Σ a_j d_j ≥ (Σ a_j)² for positive a_j, d_j.

    The difference is ½ Σ_i Σ_j a_i a_j (d_i − d_j)²/(d_i d_j), Lagrange's identity.
    """

    a: Callable[[E.Expr], E.Expr]
    d: Callable[[E.Expr], E.Expr]

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        total = next((s for s in left.walk() if isinstance(s, E.Sum)), None)
        if total is None or relation != "≥":
            return no("no sum to bound below")
        j, lo, hi = total.var, total.lo, total.hi
        aⱼ, dⱼ = self.a(j), self.d(j)
        if not all(proves(prove(*positive(x, total, arena))) for x in (aⱼ, dⱼ)):
            return no("the terms are not positive")
        if not lagrange():
            return no("Lagrange's identity fails")
        wanted = E.Sum(j, lo, hi, aⱼ / dⱼ) * E.Sum(j, lo, hi, aⱼ * dⱼ), E.Sum(j, lo, hi, aⱼ) ** 2
        ends = [prove(x, "=", y, Reindexed(), arena) for x, y in zip((left, right), wanted, strict=True)]
        if all(map(proves, ends)):
            return Outcome.PROVED, "Cauchy–Schwarz, by Lagrange's identity"
        return no("; ".join(e[1] for e in ends))


def lagrange() -> bool:
    """Lagrange's identity in the form that Cauchy–Schwarz uses, for every length."""
    a, d, n = E.Family("a"), E.Family("d"), E.integer("n")
    i, j = E.integer("i"), E.integer("j")

    def total(var: E.Sym, body: E.Expr) -> E.Expr:
        return E.Sum(var, E.lift(1), n, body)

    gap = total(i, a[i] / d[i]) * total(i, a[i] * d[i]) - total(i, a[i]) ** 2
    squares = total(i, total(j, a[i] * a[j] * (d[i] - d[j]) ** 2 / (d[i] * d[j])))
    return normal.equal(gap, E.Num(Fraction(1, 2)) * squares)


@dataclass(frozen=True)
class ProductOne:
    """Σ x_j ≥ k − 1 for x_j = (b/a) f_{j+1}/f_j when a hypothesis says f_k b^{k−1} = a^{k−1} f_1, so that Π x_j = 1.

    The arithmetic mean is at least the geometric one: with A_N the mean of N of them, A_N^N ≥ x_N A_{N−1}^{N−1} is
    Bernoulli's inequality y^N ≥ N y − (N − 1) at y = A_N/A_{N−1}, proved by induction.
    """

    family: E.Family
    a: E.Expr
    b: E.Expr

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        f, k, total = self.family, E.integer("k"), opened(left)
        product_one = Rel(f[k] * self.b ** (k - 1), "=", self.a ** (k - 1) * f[1])
        if product_one not in arena.relations or not isinstance(total, E.Sum) or relation != "≥":
            return no("the product is not known to be 1")
        wanted = E.Sum(total.var, ONE, k - 1, self.b / self.a * f[total.var + 1] / f[total.var])
        if not (normal.equal(left, wanted) and normal.equal(right, k - 1) and bernoulli()):
            return no("not the sum of these factors")
        if not proves(prove(*positive(f[total.var + 1] / f[total.var], total, arena))):
            return no("the factors are not positive")
        return Outcome.PROVED, "the arithmetic mean is at least the geometric one"


def bernoulli() -> bool:
    """The induction step y^{N+1} − (N+1)y + N = y(y^N − Ny + N − 1) + N(y − 1)², and what it is used for."""
    y, N, power = E.Sym("y"), E.Sym("N"), E.Sym("y^N")
    step = normal.equal(power * y - (N + 1) * y + N, y * (power - N * y + N - 1) + N * (y - 1) ** 2)
    mean, x = E.Sym("A"), E.Sym("x")
    new = ((N - 1) * mean + x) / N
    return step and normal.equal(N * (new / mean) - (N - 1), x / mean)


@dataclass(frozen=True)
class Within:
    """A proof for some sizes only, which its ``scope`` names."""

    limit: Rel
    why: Any
    scope: str

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        limited = arena.knowing(self.limit).comparing(self.limit.left, self.limit.op, self.limit.right)
        return prove(left, relation, right, self.why, limited)


@dataclass(frozen=True)
class Reindexed:
    """Equality of sums up to a shift of the index, boundary terms written out."""

    def prove(self, left: E.Expr, relation: str, right: E.Expr, arena: Arena) -> Verdict:
        if relation != "=":
            return no("an equality")
        forms = [normal.normal_form(atomic(side)) for side in (left, right)]
        difference = normal.Form(()).include(forms[0]).include(forms[1], Fraction(-1))
        if normal.vanishes(reindexed(difference, arena)):
            return Outcome.PROVED, "equal normal forms after a shift of the index"
        return no("the normal forms differ, also after a shift of the index")


def reindexed(form: normal.Form, arena: Arena) -> normal.Form:
    """Every single sum over 1, …, k of a term whose least offset is 0, plus boundary terms.

    Σ_{lo}^{hi} = Σ_1^k − (terms below lo) − (terms above hi), which needs hi ≥ lo − 1.
    """
    out = normal.Form(form.shape)
    for (binders, mono, word), c in form.terms.items():
        if len(binders) != 1:
            out.put((binders, mono, word), c)
            continue
        name, lo, hi = binders[0]
        if not arena.indices.at_least(hi[1:], lo[1:], -1) or lo[1]:
            raise normal.Undecided(f"the range {lo} … {hi} may be shorter than empty")
        shift = min(offsets(mono, name), default=0)
        first, last = lo[2] + shift, (hi[1], hi[2] + shift)
        mono = normal.rename(mono, ("x", name, 0), ("x", name, -shift))
        normal.put_bound(out, ((name, ("x", "", 1), ("x", last[0], 0)),), mono, word, c)
        extra = [(("x", "", t), 1) for t in range(1, first)] + [(("x", "", t), -1) for t in range(first, 1)]
        extra += [(("x", last[0], -t), 1) for t in range(-last[1])] + [
            (("x", last[0], t + 1), -1) for t in range(last[1])
        ]
        for index, sign in extra:
            normal.emit(out, (), normal.rename(mono, ("x", name, 0), index), word, -c * sign)
    return out


def offsets(obj: Any, name: str) -> Iterator[int]:
    """The offsets at which an index occurs."""
    if isinstance(obj, tuple) and len(obj) == 3 and obj[0] == "x":
        if obj[1] == name:
            yield obj[2]
    elif isinstance(obj, tuple | frozenset):
        for o in obj:
            yield from offsets(o, name)
