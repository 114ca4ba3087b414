"""Rules of "for some" and "for every" value of a symbol, a letter or a family.

Main results
    witness      from p(a): ∃ x: p(x)
    obtain       from ∃ x: p(x) and p(x) ⊢ q, with x nowhere else: q
    whatever     from p(x), with x in nothing that is supposed: ∀ x: p(x)
    selection    the columns of the identity at which a diagonal matrix is not 0
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from proofs.kernel import expressions as E
from proofs.kernel.binding import apart, binds, free, member, opened, renewed, substitute, taken_by
from proofs.kernel.expressions import Expr, Family, Letter, Sort, Sym, integer, lift
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import ONE, ZERO, And, Every, Exists, ForAll, Implies, Rel, plain_name
from proofs.kernel.rules import Said, same, want
from proofs.kernel.theorem import Theorem, Without, exists, orthonormal, rule


def at_value(body: Expr, x: Any, value: Any, trait: Theorem | None) -> Expr:
    """p(value), for a value that the name may have."""
    want(plain_name(x), f"{x} is no plain name")
    if value == x:
        return body
    if isinstance(x, Family):
        want(isinstance(value, Family) and value.define and not value.random, f"{value} is no family of numbers")
        return with_family(body, x, value)
    want(isinstance(value, Expr) and value.shape == x.shape, f"{value} in the place of {x}")
    if isinstance(x, Sym) and x.sort == Sort.INTEGER:
        index_of(value)
    if isinstance(x, Letter) and x.traits:
        gram = Rel(value.T @ value, "=", E.Eye(value.shape[1]))
        want(
            x.traits == {"orthonormal"} and trait is not None and same(trait.says, gram), f"{value} has not its traits"
        )
    return substitute(body, {x: value})


def with_family(e: Expr, old: Family, new: Family) -> Expr:
    """The members of one family replaced by those of another, of which no name is captured."""
    spoken = opened(new)

    def visit(x: Any) -> Expr:
        if old not in free(x):
            return x
        own = binds(x)
        want(own not in spoken, f"{new.name} speaks of {own}, which is bound")
        by = taken_by(x)
        want(by is None or not (apart(by) & spoken or old in free(by)), f"a derivative by {by} is not entered")
        want(getattr(x, "b", None) != old and getattr(x, "over", None) != old, f"{old.name} is random")
        if isinstance(x, E.Item) and x.family.define is not None:
            return visit(member(x))
        changed = replace(x, family=new) if getattr(x, "family", None) == old else x
        left = getattr(changed, "family", None)
        want(left in (None, new) or old not in opened(left), f"the members of {left} speak of {old.name}")
        return changed.rebuild([visit(c) for c in changed.children()])

    found = visit(e)
    want(old not in free(found), f"{old.name} stands where it cannot be replaced")
    return found


def there_is(x: Any) -> tuple[Expr, ...]:
    """What is to be supposed for a name to have any value."""
    return tuple(map(exists, orthonormal(x))) if isinstance(x, Letter) else ()


@rule()
def witness(goal: Exists, value: Any, t: Theorem, trait: Theorem | None = None) -> Said:
    """From p(a): ∃ x: p(x). Where x has orthonormal columns, aᵀa = I is shown, or that there is such an x supposed.

    Proof. a is a value that x may have: it has the sort and the sides of x, and aᵀa = I shows its trait. As p(a) holds,
    some x has p. Where x is its own witness, instances without any such matrix are excluded by what is supposed.
    """
    want(isinstance(goal, Exists), "nothing exists in it")
    want(same(t.says, at_value(goal.body, goal.var, value, trait)), f"{t.says} is not the case of {value}")
    return there_is(goal.var) if value == goal.var else (), goal


@rule()
def obtain(t: Theorem, u: Theorem) -> Said:
    """From ∃ x: p(x) and p(x) ⊢ q: q, where x is in nothing else that u supposes and not in q.

    Proof. At an instance there is some x with p(x). Let x have that value: whatever else is supposed does not speak of
    x and still holds, so that q holds. As q does not speak of x, it held before.
    """
    want(isinstance(t.says, Exists), "nothing exists")
    x, p = t.says.var, t.says.body  # type: ignore[attr-defined]
    gone = (p, *there_is(x))
    want(not any(same(s, g) for s in gone for g in t.given), f"that some {x} exists is not supposed of it")
    rest = [g for g in u.given if not same(g, p)]
    want(x not in free(u.says) and not any(x in free(g) for g in rest), f"{x} is not any such one")
    return Without(gone), u.says


@rule()
def whatever(t: Theorem, x: Any) -> Said:
    """From p(x), with x in nothing that is supposed: ∀ x: p(x).

    Proof. Take an instance at which the suppositions hold, and any value of x. The suppositions do not speak of x and
    hold for that value, so that p does. Where no matrix has the traits of x, nothing is to be shown.
    """
    want(plain_name(x), f"{x} is no plain name")
    want(not any(x in free(g) for g in t.given), f"{x} is not any one")
    return Without(there_is(x)), ForAll(x, t.says)


@rule()
def selection(
    q: Expr,
    off: Theorem,
    f: Family,
    names: tuple[Sym, Letter, Family, Family],
    signs: tuple[Theorem, ...] = (),
    semi: Theorem | None = None,
) -> Said:
    """The columns of the identity at which a diagonal matrix Q is not 0.

    From ∀ j, s: j ≠ s ⇒ Q_js = 0: there are ℓ ≥ 0, F (m × ℓ) with FᵀF = I, d and g with Q = F diag(d) Fᵀ, d_l ≠ 0 for
    l ≤ ℓ, and diag(f) F = F diag(g). F's columns are e_j for the j with Q_jj ≠ 0, g_l is their f_j; so what holds of
    every f_j holds of every g_l, and d_l > 0 if no Q_jj is negative.

    Proof. Let j_1 < … < j_ℓ be the places with Q_jj ≠ 0, F the columns e_{j_1}, …, e_{j_ℓ} of the identity, d_l = Q_jj
    and g_l = f_j for j = j_l. Columns of the identity are orthonormal; F diag(d) Fᵀ has the diagonal of Q, and both are
    0 off it; and diag(f) e_j = f_j e_j. What each f_j has each g_l has, being one of them.
    """
    count, columns, d, g = names
    want(all(map(plain_name, names)), "four plain names")
    m = lift(q.shape[0])
    taken = free(q).union(opened(f), {f}, *(free(t.says) for t in signs))
    i, j, l = (renewed(integer(s), taken) for s in ("•i", "•j", "•l"))
    want(q.shape == (m, m) or q.shape[0] == q.shape[1], f"{q} is not square")
    entry = Implies(Rel(i, "≠", j), Rel(E.Entry(q, i, j), "=", ZERO))
    want(same(off.says, Every(i, ONE, m, Every(j, ONE, m, entry))), "it is not known to be diagonal")
    want(count.sort == Sort.INTEGER, f"{count} is no integer")
    want(columns.shape == (q.shape[0], count) and columns.traits == {"orthonormal"}, f"{columns} is no such matrix")
    want(d != g and d.length is None and g.length is None and f.random is None, "two families")
    more: list[Expr] = []
    for t in signs:
        says: Any = t.says
        want(isinstance(says, Every) and isinstance(says.body, Rel), "nothing is said of every member")
        r = says.body
        want(says.var not in free(r.right), f"{r.right} depends on the index")
        want(same(says, Every(i, ONE, m, Rel(f[i], r.op, r.right))), f"{says} is not of every {f.name}")
        more.append(Every(l, ONE, count, Rel(g[l], r.op, r.right)))
    op = "≠"
    if semi is not None:
        want(same(semi.says, Every(i, ONE, m, Rel(E.Entry(q, i, i), "≥", ZERO))), "an entry may be negative")
        op = ">"
    want(not taken & set(names), "a name is not new")
    says_ = And(
        (
            Rel(ZERO, "≤", count),
            Rel(q, "=", columns @ E.Diag(d, count) @ columns.T),
            Every(l, ONE, count, Rel(d[l], op, ZERO)),
            Rel(E.Diag(f, q.shape[0]) @ columns, "=", columns @ E.Diag(g, count)),
            *more,
        )
    )
    found: Expr = says_
    for x in reversed(names):
        found = Exists(x, found)
    return [], found
