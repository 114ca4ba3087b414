"""Mutants of a proof: every part of how a claim is proved, left out or altered, one at a time.

How a statement is proved stands beside what it says, in fields that are marked :data:`proofs.claim.HOW`: reasons of
links with the reasons inside them, steps of an implication, the letters of a list, a factor. All of it is data, or
functions that give data; so its parts are found by walking it, and nobody lists them. What a function gives is seen
while the prover runs once.

A mutant is *killed* when the prover alone no longer has a theorem. Without a part that a theorem needs no more the
proof is shorter: the part is idle, and survives. A part that is altered, and a theorem is there all the same, is
*equivalent*: the kernel made the theorem, so it says the same. A hypothesis that the theorem supposes, and that it can
do without, makes the claim *weaker* than what is proved.

Main results
    Proof            how a claim is proved: its parts, their mutants, what becomes of them
    examine_proof    the fate of every mutant
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property, partial
from random import Random
from typing import Any
from zlib import crc32

from proofs.algebra.printing import text
from proofs.check import OutOfTime, time_limit
from proofs.claim import HOW, Claim, Context, Ill, Outcome, checked, seed_of, witness
from proofs.hypotheses import Plan
from proofs.kernel import expressions as E
from proofs.kernel import rules
from proofs.kernel.meaning import index_of
from proofs.kernel.propositions import Rel
from proofs.kernel.tensor import Undecided
from proofs.kernel.theorem import Theorem
from proofs.methods.block_types import Kind
from proofs.methods.blockwise import Origin
from proofs.methods.implication import Step
from proofs.mutation.examine import PATIENCE, SECONDS, Finding
from proofs.mutation.statements import FLIPPED, unknown
from proofs.tactics.ground import Ground, NotFound
from proofs.tactics.relations import Tight, Via

Key = Any
Path = tuple[Key, ...]
Change = Callable[[Any], Any]
CALLED = "()"
"""The key of what a function gives."""
ATOMS = (E.Expr, E.Family, Kind, Origin, Plan, str, int, type(None))
"""What is left as it is, or changed as a whole. A source says which blocks its term covers:
a bound from the other side has no use for that."""
ALONE, PROOF = "the prover alone", "proof"
SHORT = 3.0
"""Processor seconds to look for a proof without a hypothesis."""


# -- the tree --------------------------------------------------------------------------------------


@dataclass
class Recorder:
    """A function that remembers what it gave first."""

    f: Callable[..., Any]
    seen: list[Any] = field(default_factory=list)

    def __call__(self, *arguments: Any) -> Any:
        self.seen.append(recording(self.f(*arguments), {}))
        return self.seen[-1]


def is_function(x: Any) -> bool:
    return callable(x) and (isinstance(x, type | Recorder) or not (isinstance(x, ATOMS) or is_dataclass(x)))


def children(x: Any) -> dict[Key, Any]:
    """What a part of a proof is made of; atoms have no parts, and where an inequality is tight is test data."""
    if isinstance(x, Recorder):
        return {CALLED: x.seen[0]} if x.seen else {}
    if isinstance(x, ATOMS) or is_function(x):
        return {}
    if isinstance(x, tuple):
        return dict(enumerate(x))
    if isinstance(x, Mapping):
        return dict(x)
    return {f.name: getattr(x, f.name) for f in fields(x) if f.name != "tight_at"} if is_dataclass(x) else {}


def with_children(x: Any, new: Mapping[Key, Any]) -> Any:
    if isinstance(x, tuple):
        return tuple(new.values())
    if isinstance(x, Mapping):
        return dict(new)
    made = copy(x)
    for name, value in new.items():
        object.__setattr__(made, name, value)
    return made


def recording(x: Any, made: dict[int, Any]) -> Any:
    """The same with functions that remember what they give; what stood at several places still does."""
    if id(x) not in made:
        below = children(x)
        new = {key: recording(y, made) for key, y in below.items()}
        made[id(x)] = Recorder(x) if is_function(x) else with_children(x, new) if below else x
    return made[id(x)]


def at(x: Any, path: Path) -> Any:
    for key in path:
        x = children(x)[key]
    return x


def changed(x: Any, path: Path, change: Change) -> Any:
    """The same with a change of a part; in what a function gives, whenever it is called.

    Where the object that holds the part stands at several places, it is changed at all of them.
    """
    if not path:
        return change(x)
    key, rest = path[0], path[1:]
    if key == CALLED:
        return lambda *arguments: changed(x(*arguments), rest, change)
    end = holder(x, path)
    if end:
        own = at(x, path[:end])
        return exchanged(x, own, changed(own, path[end:], change))
    below = children(x)
    return with_children(x, {**below, key: changed(below[key], rest, change)})


def holder(x: Any, path: Path) -> int:
    """How far along a path the object lies that holds its end, or the function that gives it; 0 for ``x`` itself."""
    last = path.index(CALLED) if CALLED in path else len(path) - 1
    ends = (end for end in range(last, 0, -1) if not isinstance(at(x, path[:end]), tuple | Mapping))
    return next(ends, 0)


def exchanged(x: Any, old: Any, new: Any) -> Any:
    if x is old:
        return new
    below = children(x)
    replaced = {key: exchanged(y, old, new) for key, y in below.items()}
    return with_children(x, replaced) if any(replaced[key] is not y for key, y in below.items()) else x


def held(statement: Any) -> Iterator[Path]:
    """Where a statement holds how it is proved."""
    how = {f.name for f in fields(statement) if f.metadata == HOW} if is_dataclass(statement) else ()
    for key, below in children(statement).items():
        yield from ((key,),) if key in how else ((key, *path) for path in held(below))


def parts(x: Any, path: Path = (), told: set[int] | None = None) -> Iterator[tuple[Path, Any]]:
    """Every part with where it is; an object that stands at several places once.

    Of a statement inside a proof, a lemma, the parts are those of its proof.
    """
    told = set() if told is None else told
    if children(x) and id(x) in told:
        return
    told.add(id(x))
    yield path, x
    for further in held(x) if hasattr(x, "proposition") else ((key,) for key in children(x)):
        yield from parts(at(x, further), (*path, *further), told)


# -- a part left out -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutation:
    """A change of the part at a place.

    Attributes
    ----------
    ways
        The changes; of several ways to do without a part, any may succeed.
    anything
        For what is altered: a change to something of which nothing is known. Where that succeeds too, it is idle.
    """

    name: str
    path: Path
    ways: tuple[Change, ...]
    anything: Change | None = None


@dataclass(frozen=True)
class Owed:
    """A step that is not taken: its goal is supposed, and the theorem owes it if anything rests on it."""

    goal: Rel | None

    def theorem(self, goal: Rel, zeros: Any) -> Theorem:
        return rules.hypothesis(goal)


@dataclass(frozen=True)
class Onward:
    """A derivation without its last member: from the one before straight to the right side."""

    via: Via

    def theorem(self, ground: Ground, goal: Rel) -> Theorem:
        *steps, (op, last, why) = self.via.steps
        if rules.same(last, goal.right):
            raise NotFound("the last member is the right side")
        return Via((*steps, (op, goal.right, why))).theorem(ground, goal)


def omissions(x: Any, path: Path) -> Iterator[Mutation]:
    """The part left out, or one of its members."""
    if isinstance(x, Via):
        for place, (_, member, _) in enumerate(x.steps):
            yield Mutation(f"no step {text(member)}", path, tuple(without_step(place)))
    if isinstance(x, Step):
        yield Mutation("no such step", path, (lambda step: Owed(step.goal),))
    elif hasattr(x, "theorem") and not isinstance(x, Tight):
        yield Mutation(f"no {kind_of(x)}", path, (lambda _: "",))
        for key, y in children(x).items():
            if isinstance(y, Recorder) and not y.seen:
                yield Mutation(f"no {key}", (*path, key), (lambda _: never,))
        if hasattr(getattr(x, "why", ""), "theorem"):
            yield Mutation(f"no {kind_of(x)} around a reason", path, (lambda y: y.why,))
    elif isinstance(x, E.Family):
        yield Mutation(f"{x.name} → any family", path, (lambda _: E.Family("°"),))
    elif isinstance(x, tuple) and alike(x) and path[-1] != "steps":
        for place, y in enumerate(x):
            yield Mutation(f"no {kind_of(y)} {place + 1}", path, (without(place),))


def never(*_: Any) -> Any:
    raise NotFound("this function is never called")


def alike(members: tuple) -> bool:
    """Whether they are facts, roots or sources, any number of which there may be."""
    return len({kind_of(y) for y in members}) == 1


def kind_of(x: Any) -> str:
    return "expression" if isinstance(x, E.Expr) else type(x).__name__


def without(place: int) -> Change:
    return lambda x: (*x[:place], *x[place + 1 :])


def without_step(place: int) -> Iterator[Change]:
    """A derivation without a member: the next one follows from the one before, for either reason or none."""

    def merged(x: Via, which: int) -> Any:
        if place == len(x.steps) - 1:
            return Onward(x)
        (first, _, why), (then, there, other) = x.steps[place : place + 2]
        step = (composed(first, then), there, (other, why, "")[which])
        return Via((*x.steps[:place], step, *x.steps[place + 2 :]), x.last)

    for which in range(3):
        yield partial(merged, which=which)


def composed(first: str, then: str) -> str:
    """What follows from two relations of one direction: a ≥ b > c gives a > c."""
    return then if first == "=" else first if then == "=" else min(first, then, key="<>≤≥".index)


# -- a part altered --------------------------------------------------------------------------------


def alterations(x: Any, path: Path) -> Iterator[Mutation]:
    """A direction; a number; of an expression its sign, its factor or an index, whichever the place decides."""
    if isinstance(x, str) and x in FLIPPED:
        yield Mutation(f"{x} → {FLIPPED[x]}", path, (FLIPPED.__getitem__,), lambda _: "?")
    elif isinstance(x, int):
        yield Mutation(f"{x} → {x + 1}", path, (lambda n: n + 1,), lambda _: None)
    elif isinstance(x, E.Expr):
        ways = list(ways_to_alter(x).items())
        name, way = ways[crc32(text(x).encode()) % len(ways)]
        yield Mutation(f"{name} of {text(x)}", path, (way,), unknown)


def ways_to_alter(e: E.Expr) -> dict[str, Change]:
    if is_index(e):
        return {"index": lambda e: e + 1}
    shift: dict[str, Change] = {"index": shifted} if any(isinstance(y, E.Item) for y in e.walk()) else {}
    return {"sign": lambda e: -e, "factor 2": lambda e: 2 * e, **shift}


def is_index(e: E.Expr) -> bool:
    try:
        index_of(e)
    except Undecided:
        return False
    return True


def shifted(e: E.Expr) -> E.Expr:
    """The first index one further."""
    first = next(y for y in e.walk() if isinstance(y, E.Item))

    def moved(y: E.Expr) -> E.Expr:
        below = y.children()
        return (
            E.Item(first.family, first.index + 1) if y == first else y.rebuild(list(map(moved, below))) if below else y
        )

    return moved(e)


# -- the prover alone ------------------------------------------------------------------------------


class Proof:
    """How a claim is proved.

    What the prover found for one mutant serves the next one, as a part that is left as it is proves what it did before;
    a theorem that is found that way counts when it is found from the start as well.
    """

    def __init__(self, claim: Claim):
        self.claim = claim
        self.statement: Any = None
        self.supposed: tuple[E.Expr, ...] = ()
        with suppress(E.ShapeError, Ill):  # it states nothing, so nothing is proved
            self.statement = claim.statement
            self.supposed = claim.supposed(self.statement)
        self.remembered = self.context(self.supposed)

    def context(self, supposed: tuple[E.Expr, ...]) -> Context:
        """For theorems, with no time for arguments."""
        return Context((), seed_of(self.claim.id), deadline=0.0, shrink=False, drawn={}, supposed=supposed)

    def theorem(self, statement: Any, context: Context, seconds: float = 2 * SECONDS) -> Theorem | None:
        """A theorem that says what the claim states, if the prover finds one in time."""
        try:
            with time_limit(seconds):
                found = witness(statement.witnesses[0], statement, context)
        except OutOfTime:
            return None
        found = checked(found, self.statement, self.supposed, told=False)
        return found.theorem if found.outcome == Outcome.PROVED else None

    def proves(self, path: Path, change: Change) -> bool:
        """Whether the statement, with one part of its proof changed, is proved from the start."""
        try:
            mutant = changed(self.statement, path, change)
        except Exception:  # a change may be nonsense: the prover has nothing to prove by
            return False
        contexts = self.remembered, self.context(self.supposed)
        return all(self.theorem(mutant, context) is not None for context in contexts)

    @cached_property
    def found(self) -> Theorem | None:
        """The theorem as it is proved."""
        return None if self.statement is None else self.theorem(self.statement, self.remembered, PATIENCE)

    @cached_property
    def mutations(self) -> list[Mutation]:
        """Every change of a part; none where nothing is proved."""
        if self.found is None:
            return []
        recorded, made = self.statement, dict[int, Any]()
        for path in held(self.statement):
            recorded = changed(recorded, path, partial(recording, made=made))
        self.theorem(recorded, self.context(self.supposed), PATIENCE)
        told: set[int] = set()
        places = ((p, x) for path in held(recorded) for p, x in parts(at(recorded, path), path, told))
        return [m for path, x in places for m in (*omissions(x, path), *alterations(x, path))]

    def judge(self, mutation: Mutation) -> Finding:
        """The fate of one mutant."""
        if not any(self.proves(mutation.path, way) for way in mutation.ways):
            return self.finding(mutation.name, mutation.path, "killed")
        idle = mutation.anything is None or self.proves(mutation.path, mutation.anything)
        return self.finding(mutation.name, mutation.path, "survivor" if idle else "equivalent")

    def finding(self, name: str, path: Path, fate: str) -> Finding:
        caught, missed = ((ALONE,), ()) if fate == "killed" else ((), (f"{ALONE}: proved",))
        return Finding(self.claim.id, name, f"in the proof: {place(path)}", fate, caught, missed, PROOF)

    @property
    def suppositions(self) -> list[E.Expr]:
        """What the theorem supposes of the claim's hypotheses."""
        relations = [r for h in self.claim.given for r in h.relations]
        given = self.found.given if self.found is not None else ()
        return [r for r in relations if any(rules.same(r, p) for p in given)]

    def without(self, supposition: E.Expr) -> Finding:
        """Whether the claim is proved without one of its hypotheses."""
        rest = tuple(p for p in self.supposed if not rules.same(p, supposition))
        fate = "killed" if self.theorem(self.statement, self.context(rest), SHORT) is None else "weaker"
        return self.finding(f"without {text(supposition)}", (), fate)


def place(path: Path) -> str:
    """Where a part stands, for a reader."""
    return ".".join(key if isinstance(key, str) else str(key + 1) if isinstance(key, int) else "…" for key in path)


def examine_proof(claim: Claim, count: int | None = None, seed: int = 0) -> list[Finding]:
    """What becomes of the mutants of a claim's proof; of ``count`` of them, drawn with a seed, if that is given."""
    proof = Proof(claim)
    work = [partial(proof.judge, m) for m in proof.mutations] + [partial(proof.without, p) for p in proof.suppositions]
    if count is not None:
        work = Random(f"{seed}/{claim.id}").sample(work, min(count, len(work)))
    return [judged() for judged in work]
