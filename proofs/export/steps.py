"""From proofs to Coq: every step of a theorem of the kernel a lemma about MathComp, proved as its rule says.

The last theorem says in plain MathComp what the claim says, from hypotheses that are among the claim's. Each lemma
quantifies over all that it speaks of, so that a step can be used at other values; its proof may be anything that Coq
accepts, and is not trusted. Natural numbers stand for integers, where what is supposed makes them so.

Main results
    of_claim    the theorem of a claim, with its proof
    proof       a theorem of the kernel as Coq text
    Steps       a proof on its way
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proofs.claim import Claim, Context, Outcome, checked, seed_of
from proofs.claim import witness as run
from proofs.export.coq import Lacking, Pair, expansions, identifier
from proofs.export.extreme_values import NAMES, extremes, forms, meaning
from proofs.export.lemmas import PROOFS, said
from proofs.export.sentences import DEFAULT, REAL, TURNED, Writer, indices, natural, sort_of
from proofs.hypotheses import forget
from proofs.kernel import expressions as E
from proofs.kernel.binding import free, member, plain
from proofs.kernel.expressions import Expr, Letter, Sort, Sym
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import Every, Implies, Rel
from proofs.kernel.rules import same
from proofs.kernel.spectrum import Extreme
from proofs.kernel.tensor import Facts, Index, constant
from proofs.kernel.theorem import Theorem


@dataclass(frozen=True)
class Made:
    """A step that stands in the text: its lemma, what it quantifies over, and what it supposes."""

    lemma: str
    free: tuple[Any, ...]
    given: tuple[Expr, ...]


def proof(name: str, t: Theorem, supposed: Sequence[Expr]) -> str:
    """A theorem of the kernel, and the steps before it, for what is supposed.

    Raises
    ------
    Lacking
        If something has no counterpart, if it supposes more, or if natural numbers would say less than integers.
    """
    for p in t.given:
        if not any(same(p, q) for q in supposed):
            raise Lacking("a limit of a size")
    facts = Facts(frozenset(pair for p in supposed for pair in ordered(p)))
    for p in (t.says, *t.given):
        for x in free(p):
            if isinstance(x, Sym) and x.sort == Sort.INTEGER:
                not_negative(facts, index_of(x))
        counted(p, facts)
    w = Writer("", ())
    for p in (t.says, *t.given):
        w.says(p)
        w.beside += [second for x in extremes(p) for second in forms(x)]
    return "\n".join([*expansions(name, tuple(supposed), w.beside), Steps(name).whole(t)])


def ordered(p: Any) -> Iterator[tuple[Index, Index]]:
    """The comparisons i ≤ j that a relation of integers gives."""
    found = indices(p)
    if found is None:
        return
    op, (i, j) = p.op, found
    i, j = (j, i) if op in TURNED else (i, j)
    if op in "<>":
        i = (i[0], i[1] + 1)
    if op != "≠":
        yield i, j
    if op == "=":
        yield j, i


def not_negative(facts: Facts, i: Index) -> None:
    """Refuse an index that may be negative: natural numbers end at 0."""
    if not facts.at_most(constant(0), i):
        raise Lacking("an integer that may be negative")


def counted(e: Expr, facts: Facts) -> None:
    """Refuse an expression in which an index may be negative, or a range begins below 0."""
    if isinstance(e, E.Named):
        counted(e.body, facts)
        return
    if isinstance(e, E.Item) and e.family.define is not None:
        counted(member(e), facts)
        return
    inner = facts
    if isinstance(e, E.Sum | E.Extremum | Every):
        lo, i, hi = index_of(e.lo), index_of(e.var), index_of(e.hi)
        not_negative(facts, lo)
        others = {(x, y) for x, y in facts.order if i[0] not in (x[0], y[0])}
        inner = Facts(frozenset(others | {(lo, i), (i, hi)}))
    for place in ("index", "i", "j"):
        index = getattr(e, place, None)
        if isinstance(index, Expr):
            not_negative(facts, index_of(index))
    if isinstance(e, Implies):
        inner = Facts(facts.order | frozenset(ordered(e.premise)), facts.apart)
    for child in e.children():
        counted(child, inner if child is getattr(e, "body", None) or child is getattr(e, "conclusion", None) else facts)


def of_claim(claim: Claim) -> str:
    """The theorem of a claim that is proved, and its steps."""
    forget()
    statement = claim.statement
    supposed = claim.supposed(statement)
    for w in statement.witnesses:
        found = checked(
            run(w, statement, Context(claim.given, seed_of(claim.id), drawn={}, supposed=supposed)),
            statement,
            supposed,
            False,
        )
        if found.outcome == Outcome.PROVED and found.theorem is not None:
            return proof(identifier(claim.id), found.theorem, supposed)
    raise Lacking("a theorem")


def spoken_of(p: Expr) -> frozenset[Any]:
    """What is free in a proposition; extreme eigenvalues, and what is free in what they are."""
    values = frozenset(extremes(p))
    return free(p).union(values, *(free(meaning(x)) - values for x in values))


def through(t: Theorem) -> Theorem:
    while t.rule == "with_values":
        t = t.premises[0]
    return t


def angles(e: Expr) -> Iterator[Sym]:
    """The symbols under cos and sin."""
    for x in e.walk():
        if isinstance(x, E.Fn) and x.name in ("cos", "sin"):
            yield from (y for y in free(x.arg) if isinstance(y, Sym))


class Steps:
    """A proof on its way to Coq."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.names: dict[Any, str] = {}
        self.made: dict[tuple[Expr, frozenset[Expr]], Made] = {}
        self.hypotheses: dict[Expr, str] = {}
        self.lines: list[str] = []
        self.script: list[str] = []  # of the lemma that is being made
        self.here: frozenset[Any] = frozenset()
        self.given: tuple[Expr, ...] = ()
        self.turned: set[Sym] = set()  # the angles

    def write(self, *lines: str) -> None:
        self.script += lines

    def writer(self, known: Sequence[Theorem] = ()) -> Writer:
        return Writer("", (*(t.says for t in known), *self.given), self.names)

    def says(self, p: Expr) -> str:
        return self.writer().says(p)

    def text(self, e: Expr) -> str:
        return self.writer().text(e)

    def whole(self, t: Theorem) -> str:
        t = through(t)
        for step in t.steps():
            if step is not t and not self.seen_through(step) and (step.says, step.given) not in self.made:
                self.made[step.says, step.given] = self.lemma(step, f"{self.name}_{len(self.made)}")
        self.lemma(t, self.name, "Theorem")
        return "\n".join(self.lines)

    def seen_through(self, t: Theorem) -> bool:
        """A step that needs no lemma: what is given, and what follows by putting a proof in its place."""
        return t.rule in ("with_values", "hypothesis") or (t.rule == "apply" and self.fits(*t.premises))

    def fits(self, implication: Theorem, premise: Theorem) -> bool:
        return self.says(premise.says) == self.says(said(implication).premise)

    def lemma(self, t: Theorem, name: str, word: str = "Lemma") -> Made:
        """The step as a lemma."""
        spoken = frozenset().union(*map(spoken_of, (t.says, *t.given)))
        self.turned |= {x for p in (t.says, *t.given) for x in angles(p)}
        given = tuple(sorted(t.given, key=str))
        binders = self.binders(spoken, (t.says, *given)) + [f"({self.hypothesis(p)} : {self.says(p)})" for p in given]
        self.here, self.given = spoken, given
        goal, self.script = self.says(t.says), []
        if self.seen_through(t):
            self.write(f"exact: {self.term(t)}.")
        elif t.rule in PROOFS:
            PROOFS[t.rule](self, t, *t.arguments)
        else:
            raise Lacking(f"the rule {t.rule}")
        body = "\n".join(self.script)
        self.lines.append(f"{word} {name} (R : rcfType) {' '.join(binders)} :\n  {goal}.\nProof.\n{body}\nQed.\n")
        return Made(name, self.ordered(spoken), given)

    def hypothesis(self, p: Expr) -> str:
        return self.hypotheses.setdefault(plain(p), f"H{len(self.hypotheses)}")

    def ordered(self, names: frozenset[Any]) -> tuple[Any, ...]:
        """Numbers first, then what has them as sides, then what is made of all of these."""
        rank = lambda x: (isinstance(x, Letter), isinstance(x, E.Family), not natural(x), x.name)  # noqa: E731
        values = [x for x in names if isinstance(x, Extreme)]
        later = sorted(values, key=lambda x: (list(NAMES).index(x.kind), repr(x)))
        return (*sorted(names.difference(values), key=rank), *later)

    def binders(self, names: frozenset[Any], said: Sequence[Expr]) -> list[str]:
        out, w = [], self.writer()
        for x in self.ordered(names):
            name, sort = w.variable(x)
            out.append(f"({name} : {sort})")
            if isinstance(x, Extreme):
                out.append(f"(E_{name} : {w.says(meaning(x))})")
            if isinstance(x, Letter):
                out += [f"(T_{name}_{n} : {trait})" for n, trait in enumerate(w.traits(x, name))]
            if x in self.turned:
                out += self.angle(x)
        return out

    def angle(self, x: Sym) -> list[str]:
        """A real whose cosine and sine are spoken of comes with them."""
        w = self.writer()
        c, s = w.text(E.cos(x)), w.text(E.sin(x))
        return [f"({c} {s} : R)", f"(A_{c} : {s} * {s} = 1 - {c} * {c})"]

    # -- terms
    def term(self, t: Theorem) -> str:
        """A premise, at the values that its names have here."""
        return self.at(t, {}, {})

    def at(self, t: Theorem, values: dict[Any, str], supposing: dict[Expr, str]) -> str:
        """A step at values, with proofs of what it supposes."""
        t = through(t)
        if t.rule == "hypothesis":
            return supposing.get(t.says, self.hypothesis(t.says))
        if t.rule == "apply" and (t.says, t.given) not in self.made:
            return f"({' '.join(self.at(p, values, supposing) for p in t.premises)})"
        made = self.made[t.says, t.given]
        parts, w = ["R"], self.writer()
        for x in made.free:
            name, sort = w.variable(x)
            if x in self.turned and (x in values or x not in self.here):
                raise Lacking("an angle that a step leaves")
            if isinstance(x, Extreme) and (x not in self.here or values.keys() & free(meaning(x))):
                raise Lacking("an extreme eigenvalue that a step leaves")
            parts.append(values.get(x, name if x in self.here else DEFAULT.get(sort, "0")))
            if isinstance(x, Extreme):
                parts.append(f"E_{name}")
            if isinstance(x, Letter) and x.traits:
                if x in values or x not in self.here:
                    raise Lacking("a letter with traits that a step leaves")
                parts += [f"T_{name}_{n}" for n, _ in enumerate(x.traits)]
            if x in self.turned:
                c, s = w.text(E.cos(x)), w.text(E.sin(x))
                parts += [c, s, f"A_{c}"]
        parts += [supposing.get(p, self.hypothesis(p)) for p in made.given]
        return f"(@{made.lemma} {' '.join(parts)})"

    def know(self, known: Sequence[Theorem]) -> None:
        """Bring theorems into the context."""
        for t in known:
            if through(t).rule != "hypothesis":
                self.write(f"have K{len(self.script)} := {self.term(t)}.")

    def exactly(self, term: str, has: Expr, wanted: Expr) -> str:
        """A term of a proposition that says the same as the one that is wanted, perhaps in other words."""
        if self.says(has) == self.says(wanted):
            return term
        if isinstance(has, Rel) and isinstance(wanted, Rel) and indices(has) is None and has.op == wanted.op:
            n = len(self.script)
            self.same_value(f"B{n}", wanted.left, has.left)
            self.same_value(f"C{n}", wanted.right, has.right)
            self.write(f"have D{n} : {self.says(wanted)} by rewrite B{n} C{n}; exact: {term}.")
            return f"D{n}"
        raise Lacking("the same proposition in other words")

    def same_value(self, name: str, a: Expr, b: Expr) -> None:
        """a = b, in other words."""
        w = self.writer()
        self.compute(name, w, w.of(a), w.of(b), a.shape)

    def compute(self, name: str, w: Writer, a: Pair, b: Pair, shape: E.Shape) -> None:
        """An equation by normal forms."""
        if a[1] == b[1]:
            self.write(f"have {name} : {a[1]} = {b[1]} :> {sort_of(w, shape)} by [].")
            return
        says, script = w.computation(a, b, shape)
        self.write(f"have {name} : {says}.", "{ " + "\n".join([*w.ready, script]) + " }")

    def real(self, t: Theorem) -> tuple[Rel, str]:
        """What a theorem says, as a relation of reals, with its proof."""
        return self.as_real(t.says, self.term(t))

    def as_real(self, r: Any, term: str) -> tuple[Rel, str]:
        found = indices(r)
        if found is None:
            return r, term
        w, n = self.writer(), len(self.script)
        op, left, right = r.op, r.left, r.right
        i, j = found
        if op in TURNED:
            op, left, right, i, j = TURNED[op], right, left, j, i
        up = max(-i[1], -j[1], 0)
        x, y = (w.shifted((base, offset + up))[1] for base, offset in (i, j))
        word = {"≤": "le", "<": "lt", "=": "eq", "≠": "ne"}[op]
        text = f"({w.text(left)} {REAL.get(op, op)} {w.text(right)} :> R)"
        self.write(f"have M{n} := @real_{word} R {x}%N {y}%N {term}.", f"have N{n} : {text} by reals M{n}.")
        return r, f"N{n}"
