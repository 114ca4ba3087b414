"""Proofs that points are of a printed form, and that points of the form are stationary.

A list of points is a proposition: there are letters that satisfy its equations, of which the point is the printed
expression. That every stationary point is listed is proved by finding the letters: a diagonal matrix that the point
has picks columns of the identity, and the other letters are written down. That a listed point is stationary follows
from the same equations.

Main results
    Selected    how the letters of a stationary point are found
    Converse    how the gradient vanishes at a listed point
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from proofs.kernel import existence, rules
from proofs.kernel.binding import free, substitute
from proofs.kernel.expressions import Entry, Expr, Eye, Family, Letter, Sym, integer, lift
from proofs.kernel.propositions import ONE, ZERO, And, Every, Exists, ForAll, Implies, Rel, both, needs
from proofs.kernel.theorem import Theorem
from proofs.methods.implication import Implication, Step, follow, parts_of, supposed
from proofs.tactics.prove import Ground, NotFound
from proofs.tactics.vanishing import Zeros, by_ring, narrowed

Name = Sym | Letter | Family


@dataclass(frozen=True)
class Selected:
    """From vanishing gradients to letters of the list.

    Attributes
    ----------
    equations
        Its premises are the vanishing gradients, its conclusion Q_rs = 0 for r ≠ s.
    matrix, pair
        Q, and r and s.
    family, names
        The family f and the names ℓ, F, d, g of :func:`proofs.kernel.existence.selection`.
    square
        What the entry Q_ii is the square of; None where d_l ≠ 0 is enough.
    steps
        Identities on the equations and those of the selection.
    values
        What the other letters of the list are.
    """

    equations: Implication
    matrix: Expr
    pair: tuple[Sym, Sym]
    family: Family
    names: tuple[Sym, Letter, Family, Family]
    square: Callable[[Expr], Expr] | None
    steps: tuple[Step, ...]
    values: Mapping[Any, Any] = field(default_factory=dict)

    def theorem(self, given: Sequence[Expr], names: Sequence[Name], conditions: Sequence[Expr]) -> Theorem:
        """The premises give letters that satisfy the conditions."""
        new = {*names, *self.names, *self.pair}
        ground = Ground.of(p for p in given if not new & free(p))
        premise = both(*self.equations.premises)
        r, s = self.pair
        zeros = supposed(premise, Zeros(ground.supposing(Rel(r, "≠", s))))
        found, _ = follow(self.equations.proof, self.equations.conclusions, zeros)
        chosen = self.selection(ground, found[0])
        body = chosen.says
        for _ in self.names:
            body = body.body  # type: ignore[attr-defined]
        here = supposed(body, Zeros(ground, known=zeros.known, stated=zeros.stated))
        t = obtained(chosen, self.listed(here, names, conditions))
        return valued(ground, rules.discharge(t, premise))

    def selection(self, ground: Ground, off: Theorem) -> Theorem:
        r, s = self.pair
        last = lift(self.matrix.shape[0])
        apart = rules.discharge(off, Rel(r, "≠", s))
        each = rules.generalise(rules.generalise(apart, s, ONE, last), r, ONE, last)
        i = integer("•")
        signs = ground.prove(Every(i, ONE, last, Rel(self.family[i], ">", ZERO)))
        semi = None
        if self.square is not None:
            var, inside = ground.generic(integer("i"), ONE, last)
            square = self.square(var)
            entry = rules.chain((by_ring(inside, Entry(self.matrix, var, var), square), rules.square(square.arg)))  # type: ignore[attr-defined]
            semi = rules.generalise(entry, var, ONE, last)
        return existence.selection(self.matrix, each, self.family, self.names, (signs,), semi)

    def listed(self, zeros: Zeros, names: Sequence[Name], conditions: Sequence[Expr]) -> Theorem:
        """∃ names: the conditions, from what was selected."""
        wanted = [self.instance(c) for c in conditions]
        known = [t for t in (*zeros.ground.known, *zeros.stated)]

        def stated(p: Expr) -> Theorem | None:
            return next((t for t in known if rules.same(t.says, p)), None)

        goals = [p for p in wanted if isinstance(p, Rel) and p.op == "=" and stated(p) is None]
        follow(self.steps, goals, zeros)
        known = [*zeros.ground.known, *zeros.stated]
        made = tuple(stated(p) or zeros.ground.prove(p) for p in wanted)
        t = rules.conjunction(made)
        for place in reversed(range(len(names))):
            x = names[place]
            goal = Exists(x, nested(names[place + 1 :], And(tuple(conditions))))
            for before in names[:place]:
                goal = self.at_value(goal, before)
            value = self.values.get(x, x)
            trait = None
            if isinstance(value, Expr) and value != x and isinstance(x, Letter) and x.traits:
                trait = stated(Rel(value.T @ value, "=", Eye(x.cols)))
            t = existence.witness(goal, value, t, trait)
        return t

    def instance(self, p: Expr) -> Any:
        for x in self.values:
            p = self.at_value(p, x)
        return p

    def at_value(self, p: Any, x: Any) -> Any:
        value = self.values.get(x, x)
        if value == x or x not in free(p):
            return p
        if isinstance(x, Family):
            return existence.with_family(p, x, value)
        return substitute(p, {x: value})


def nested(names: Sequence[Name], body: Expr) -> Expr:
    """∃ names: body."""
    for x in reversed(names):
        body = Exists(x, body)
    return body


def obtained(t: Theorem, u: Theorem) -> Theorem:
    """From ∃ x: ∃ y: … p and p ⊢ q: q."""
    if not isinstance(t.says, Exists):
        raise NotFound("nothing exists")
    body = t.says.body
    inner = obtained(rules.hypothesis(body), u) if isinstance(body, Exists) else u
    return existence.obtain(t, inner)


@dataclass(frozen=True)
class Converse:
    """The gradient at a listed point.

    Attributes
    ----------
    gradients
        The gradients in closed form, of any weights.
    vanish
        Each, at the listed point, as a combination of the residuals of the list's equations and of the lemmas.
    """

    gradients: Callable[..., tuple[Expr, ...]]
    vanish: tuple[Callable[..., Expr], ...]
    lemmas: tuple[Step, ...] = ()

    def theorem(
        self, given: Sequence[Expr], where: Sequence[Expr], forms: Sequence[Rel], goals: Sequence[Rel]
    ) -> Theorem:
        """The list's equations and the point's expressions give the goals: vanishing gradients."""
        ground = Ground.of(given)
        zeros = supposed(And(tuple(where)), Zeros(ground))
        follow(self.lemmas, (), zeros)
        weights: list[Any] = [f.left for f in forms]
        at_point = tuple(zip(weights, parts_of(rules.hypothesis(And(tuple(forms)))), strict=True))
        found = []
        for goal, closed, combine in zip(goals, self.gradients(*weights), self.vanish, strict=True):
            moved = rules.replace(closed, at_point)
            combination = combine(*zeros.residuals)
            links = (
                by_ring(zeros.ground, goal.left, closed),
                moved,
                by_ring(zeros.ground, moved.says.right, combination),  # type: ignore[attr-defined]
                zeros.of(combination),
            )
            found.append(rules.chain(links))
        inner = rules.discharge(rules.conjunction(tuple(found)), And(tuple(forms)))
        return valued(ground, rules.discharge(inner, And(tuple(where))))


# -- definedness under quantifiers -----------------------------------------------------------------


def valued(ground: Ground, t: Theorem) -> Theorem:
    """The theorem, everything in it having a value."""
    known = tuple(proved(ground, p) for p in needs(t.says) if not rules.granted(p))
    return rules.with_values(t, known)


def proved(ground: Ground, goal: Expr) -> Theorem:
    """A proposition under quantifiers and premises."""
    if isinstance(goal, ForAll):
        return existence.whatever(proved(ground, goal.body), goal.var)
    if isinstance(goal, Implies):
        stated = parts_of(rules.hypothesis(goal.premise))
        return rules.discharge(proved(ground.knowing(*stated), goal.conclusion), goal.premise)
    return narrowed(ground, goal).prove(goal)
