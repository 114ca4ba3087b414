"""Claims, evidence and verdicts: the record that everything else reads.

A claim is one function that returns a statement, under named hypotheses, in a named convention. Its verdict is
computed from the evidence of the statement's witnesses; nothing here knows what the verdict should be.

Main results
    claim       the decorator that registers a claim
    Claim       the record; ``claim.decide(context)`` gives a :class:`Decision`
    Evidence    what one witness found
    weigh       evidence → verdict
"""

from __future__ import annotations

import inspect
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from proofs.hypotheses import Hypothesis
    from proofs.kernel.expressions import Expr
    from proofs.kernel.theorem import Theorem
    from proofs.proof import Judged, ProofStep
    from proofs.tactics.ground import Ground

Found = TypeVar("Found")
HOW = {"how": True}
"""Metadata of a field of a statement that holds how it is proved, and nothing of what it says."""


class Verdict(StrEnum):
    PROVED = "proved"
    CERTIFIED = "certified"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    OPEN = "open"


class Outcome(StrEnum):
    """What a witness says of a statement."""

    PROVED = "proved"  # a theorem of the kernel says it
    ARGUED = "argued"  # by exact means that are not the kernel's: a step of it rests on our word
    CERTIFIED = "certified"  # holds at each listed instance, exactly
    SUPPORTED = "supported"  # no counterexample found
    FAILS = "fails"  # with a counterexample, or with shapes or definitions that do not conform
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Counterexample:
    """An exact instance at which the statement fails, and both sides there."""

    instance: dict[str, str]
    sides: dict[str, str]
    remark: str = ""

    def __str__(self) -> str:
        at = ", ".join(f"{name} = {value}" for name, value in self.instance.items())
        sides = "; ".join(f"{name} = {value}" for name, value in self.sides.items())
        return " · ".join(x for x in (at, sides, self.remark) if x)


@dataclass(frozen=True)
class Evidence:
    """What one witness found: its method, its outcome, for what (scope), and how (detail)."""

    method: str
    outcome: Outcome
    scope: str = ""
    detail: str = ""
    counterexample: Counterexample | None = None
    steps: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    used: tuple[str, ...] = ()  # the names of the hypotheses that the theorem supposes
    proof: tuple[ProofStep, ...] = ()
    links: tuple[Judged, ...] = ()
    theorem: Theorem | None = field(default=None, compare=False, repr=False)

    @property
    def told(self) -> Evidence:
        """What is kept of it: what the theorem rests on, not the object."""
        return replace(self, theorem=None)


@dataclass
class Context:
    """What a witness may use: the hypotheses, a seeded generator, a deadline.

    ``deadline`` is in processor seconds of this process, so that other work on the machine does not matter; ``budget``
    is in scalar operations, the same on every machine.
    ``shrink`` asks for a smallest counterexample, and what else a reader wants; mutation, which only asks for the
    outcome, turns it off.
    ``settled`` tells a witness that an earlier one has a theorem or a counterexample.
    ``drawn`` keeps what was drawn, valued and decided for the next statement under the same hypotheses.
    """

    given: tuple[Hypothesis, ...] = ()
    seed: int = 0
    deadline: float = float("inf")
    budget: float = float("inf")
    spent: float = 0.0
    shrink: bool = True
    drawn: dict[Any, Any] | None = None
    supposed: tuple[Expr, ...] = ()
    settled: bool = False

    def rng(self, purpose: str = "") -> random.Random:
        """A generator that depends only on the claim's seed and the purpose."""
        return random.Random(f"{self.seed}/{purpose}")

    def ground(self) -> Ground:
        """What a proof stands on: the propositions that are supposed."""
        from proofs.tactics.prove import Ground

        relations = (r for h in self.given for r in h.relations)
        return self.once("ground", lambda: Ground.of(self.supposed or relations))

    @property
    def expired(self) -> bool:
        return self.spent > self.budget or time.process_time() > self.deadline

    def spend(self, operations: float) -> None:
        """Count what an instance takes."""
        self.spent += operations

    def once(self, key: Any, find: Callable[[], Found]) -> Found:
        """What was found for a key before under the same hypotheses; else what is found now, kept."""
        if self.drawn is None:
            return find()
        if key not in self.drawn:
            self.drawn[key] = find()
        return self.drawn[key]


Witness = Callable[[Any, Context], Evidence]


class Statement(Protocol):
    """What a claim states. A way to decide is a file in ``methods`` with a statement class and its witnesses.

    Where it has a ``proposition``, that is what it says in the kernel's language, and a theorem can prove it.
    """

    @property
    def witnesses(self) -> Sequence[Witness]:
        """At least two, sharing no formula: the first proves, the second samples, more confirm."""

    @property
    def parts(self) -> tuple[Expr, ...]:
        """The expressions it is made of, in printed order: what mutation changes."""

    def with_parts(self, parts: Sequence[Expr]) -> Statement: ...

    def latex(self) -> str: ...

    def text(self) -> str: ...


class Ill(Exception):
    """A statement that cannot even be built: shapes do not conform, or a definition is empty."""


@dataclass(frozen=True)
class Unbuilt:
    """What is printed in the place of a statement whose function raises."""

    problem: str
    parts: tuple[Expr, ...] = ()
    witnesses: tuple[Witness, ...] = ()

    def with_parts(self, parts: Sequence[Expr]) -> Unbuilt:
        return self

    def latex(self) -> str:
        return r"\text{no statement}"

    def text(self) -> str:
        return f"no statement: {self.problem}"


@dataclass(frozen=True)
class Decision:
    """A verdict with its evidence."""

    verdict: Verdict
    scope: str
    evidence: tuple[Evidence, ...]
    counterexample: Counterexample | None
    seconds: float
    hypotheses: tuple[dict[str, str], ...] = ()  # what the claim is without each: proofs.ablation
    sample: dict[str, str] = field(default_factory=dict)  # an instance that satisfies the hypotheses

    def _repr_html_(self) -> str:
        from proofs.render.html import decision_html

        return decision_html(self)


@dataclass(frozen=True)
class Claim:
    """A claim of a paper, as printed, or (``id`` ending in ``+``) its correction."""

    id: str
    where: str
    sentence: str
    build: Callable[[], Statement]
    given: tuple[Hypothesis, ...] = ()
    convention: str = ""
    tag: str = ""
    note: str = ""
    module: str = field(default="", compare=False)

    @property
    def paper(self) -> str:
        return self.id.split("/")[0]

    @property
    def section(self) -> str:
        """The paper and the section of its module: bao2020/E for appendix_e_rag, bao2020/4.3 for section_4_3."""
        words = self.module.rpartition(".")[2].split("_")[1:]
        return f"{self.paper}/{'.'.join(x for x in words if x.isdigit() or len(x) == 1).upper()}"

    @property
    def correction_of(self) -> str | None:
        return self.id.rstrip("+") if self.id.endswith("+") else None

    @cached_property
    def statement(self) -> Statement:
        from proofs.vocabulary import bears_twice

        if any(p.default is p.empty for p in inspect.signature(self.build).parameters.values()):
            raise TypeError(f"{self.place}: {self.build.__name__} has parameters; want a function of nothing")
        made = self.build()
        if not hasattr(made, "witnesses"):
            kind = type(made).__name__
            raise TypeError(f"{self.place}: {self.id} returns a {kind}; want a statement, such as says(…) of it")
        if twice := bears_twice((*made.parts, *(r for h in self.given for r in h.relations))):
            raise ValueError(twice)
        return made

    @property
    def place(self) -> str:
        """File and line of the claim's function."""
        from proofs.papers import shown

        code = self.build.__code__
        return f"{shown(Path(code.co_filename))}, line {code.co_firstlineno}"

    @cached_property
    def printed(self) -> Statement:
        """The statement to be printed: there even if its shapes do not conform, or its function raises."""
        from proofs.kernel.expressions import as_printed
        from proofs.papers import told

        with as_printed():
            try:
                made = self.build()
            except (Exception, SystemExit) as problem:
                return Unbuilt(told(problem))
        return made if hasattr(made, "latex") else Unbuilt(f"a {type(made).__name__} is none")

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.printed.latex()}$"

    def _repr_html_(self) -> str:
        from proofs.render.html import claim_html

        return claim_html(self)

    def supposed(self, statement: Statement) -> tuple[Expr, ...]:
        """Everything that is given, as propositions: the hypotheses, and the ranges that integers are declared with."""
        from proofs.declared import declared

        relations = [r for h in self.given for r in h.relations]
        return (*relations, *declared(*statement.parts, *relations))

    def decide(self, seconds: float = float("inf")) -> Decision:
        """Run every witness and weigh what they say."""
        start = time.monotonic()
        from proofs.hypotheses import forget
        from proofs.kernel.expressions import ShapeError

        forget()
        try:
            statement = self.statement
        except ShapeError as problem:
            evidence: tuple[Evidence, ...] = (
                Evidence("shapes", Outcome.FAILS, "all sizes", str(problem), Counterexample({}, {}, str(problem))),
            )
            return Decision(Verdict.REFUTED, "all sizes", evidence, evidence[0].counterexample, since(start))
        supposed = self.supposed(statement)
        deadline = time.process_time() + seconds
        context = Context(self.given, seed_of(self.id), deadline, drawn={}, supposed=supposed)
        found: list[Evidence] = []
        for w in statement.witnesses:
            found.append(self.using(checked(witness(w, statement, context), statement, supposed)))
            context.settled |= found[-1].outcome in (Outcome.PROVED, Outcome.FAILS)
        evidence = tuple(found)
        verdict, scope = weigh(evidence)
        shown = next((e.counterexample for e in evidence if e.counterexample), None)
        return Decision(verdict, scope, tuple(e.told for e in evidence), shown, since(start))

    def using(self, e: Evidence) -> Evidence:
        """The evidence with the hypotheses that its theorem supposes."""
        from proofs.kernel.rules import same

        if e.theorem is None or e.outcome != Outcome.PROVED:
            return e
        needed = e.theorem.given
        return replace(
            e, used=tuple(h.name for h in self.given if any(same(r, p) for r in h.relations for p in needed))
        )


def witness(run: Witness, statement: Statement, context: Context) -> Evidence:
    """What a witness finds; what goes wrong in it is its own affair."""
    try:
        return run(statement, context)
    except Exception as problem:
        name = getattr(run, "__name__", "a witness").removeprefix("by_").replace("_", " ")
        return Evidence("error", Outcome.UNDECIDED, detail=f"{type(problem).__name__}: {problem} (in {name})")


def checked(e: Evidence, statement: Statement, supposed: Sequence[Expr], told: bool = True) -> Evidence:
    """Evidence that claims a proof without a theorem that says just this, from no more than is given, is an argument.

    A theorem may suppose limits of sizes that the statement names, within which there are some: its scope says so. A
    failure without a counterexample is none. ``told`` asks for the proof as it is shown.
    """
    from proofs.algebra.printing import text
    from proofs.kernel.rules import same
    from proofs.kernel.theorem import Theorem
    from proofs.proof import Judged, outline, words

    if e.outcome == Outcome.FAILS and e.counterexample is None:
        return replace(e, outcome=Outcome.UNDECIDED, scope="")
    if e.outcome != Outcome.PROVED:
        return e
    goal, t = getattr(statement, "proposition", None), e.theorem
    if type(t) is not Theorem or goal is None or t.rule != "with_values" or not same(t.says, goal):
        return replace(e, outcome=Outcome.ARGUED)
    beyond = [p for p in t.given if not any(same(p, q) for q in supposed)]
    if not all(limits_size(p) and p in getattr(statement, "limits", ()) for p in beyond):
        return replace(e, outcome=Outcome.ARGUED)
    if beyond and impossible((*supposed, *beyond)):
        return replace(e, outcome=Outcome.ARGUED)
    if beyond:
        e = replace(e, scope=f"all sizes with {', '.join(map(text, beyond))}")
    steps, places = outline(t) if told else ((), ())
    links = tuple(Judged("✓", words(steps[place].rule) if place >= 0 else "given", place) for place in places)
    return replace(e, rests_on=tuple(sorted(t.rests_on)), proof=steps, links=links)


def impossible(given: Sequence[Expr]) -> bool:
    """Whether no size is such as is supposed: the kernel shows 1 ≤ 0 from it."""
    from proofs.kernel.propositions import ONE, ZERO
    from proofs.tactics.ground import Ground

    return Ground.of(given).orders(ONE, "≤", ZERO)


def limits_size(p: Expr) -> bool:
    """Whether a proposition says that a size is at most a number."""
    from proofs.kernel.expressions import Num, Sort, Sym
    from proofs.kernel.propositions import Rel

    size_of = p.left if isinstance(p, Rel) and p.op == "≤" and isinstance(p.right, Num) else None
    return isinstance(size_of, Sym) and size_of.sort == Sort.INTEGER


def since(start: float) -> float:
    return round(time.monotonic() - start, 4)


def seed_of(name: str) -> int:
    return sum((i + 1) * ord(c) for i, c in enumerate(name))


def weigh(evidence: Sequence[Evidence]) -> tuple[Verdict, str]:
    """The verdict that the evidence allows.

    ``proved`` needs a theorem and a second witness that saw instances; ``refuted`` needs a counterexample and no
    theorem; a theorem and a counterexample contradict each other and leave the claim open.

    Examples
    --------
    >>> weigh([Evidence("a", Outcome.PROVED, "all sizes"), Evidence("b", Outcome.CERTIFIED, "12 instances")])
    (<Verdict.PROVED: 'proved'>, 'all sizes')
    >>> weigh([Evidence("a", Outcome.PROVED, "all sizes"), Evidence("b", Outcome.FAILS)])[0].value
    'open'
    >>> weigh([Evidence("a", Outcome.ARGUED, "all sizes"), Evidence("b", Outcome.CERTIFIED, "12 instances")])[1]
    '12 instances'
    """
    outcomes = [e.outcome for e in evidence]
    scope = {o: next((e.scope for e in evidence if e.outcome == o and e.scope), "") for o in Outcome}
    if Outcome.FAILS in outcomes:
        if Outcome.PROVED in outcomes:
            return Verdict.OPEN, "the witnesses contradict each other"
        return Verdict.REFUTED, scope[Outcome.FAILS]
    seen = [e for e in evidence if e.outcome in (Outcome.CERTIFIED, Outcome.SUPPORTED)]
    if Outcome.PROVED in outcomes and (seen or outcomes.count(Outcome.PROVED) > 1):
        return Verdict.PROVED, scope[Outcome.PROVED]
    if Outcome.CERTIFIED in outcomes:
        return Verdict.CERTIFIED, scope[Outcome.CERTIFIED]
    if Outcome.SUPPORTED in outcomes:
        return Verdict.SUPPORTED, scope[Outcome.SUPPORTED]
    return Verdict.OPEN, "; ".join(dict.fromkeys(e.detail for e in evidence))


# -- the registry ----------------------------------------------------------------------------------

_REGISTRY: dict[str, Claim] = {}


def claim(
    id: str,
    where: str = "",
    given: Sequence[Hypothesis] = (),
    convention: str = "",
    tag: str = "",
    note: str = "",
) -> Callable[[Callable[[], Statement]], Claim]:
    """Register the function's statement under an id of the inventory.

    Parameters
    ----------
    id
        ``paper/section/name``; a trailing ``+`` makes it the correction of the claim without it.
    where
        Its place in the paper.
    given
        Its hypotheses.
    convention
        The scale of the loss, what a list holds, what σ means.
    tag
        The printed equation number.
    note
        How the print is read, where it can be read in more than one way.
    """

    if not isinstance(id, str):
        raise TypeError(f'want @claim("paper/section/name"), not of {id!r}')
    if "/" not in id or not all(id.split("/")) or not id.isprintable() or " " in id:
        raise ValueError(f"{id!r} is no id; want paper/section/name")
    if not isinstance(given, Sequence) or not all(hasattr(h, "relations") for h in given):
        raise TypeError(f"given: want a list of hypotheses, not {given!r}")

    def register(build: Callable[[], Statement]) -> Claim:
        before = _REGISTRY.get(id)
        if before and (before.module, before.build.__name__) != (build.__module__, build.__name__):
            raise ValueError(f"claim {id} is registered twice, as {before.build.__name__} and as {build.__name__}")
        sentence = inspect.cleandoc(build.__doc__ or "")
        made = Claim(id, where, sentence, build, tuple(given), convention, tag, note, build.__module__)
        _REGISTRY[id] = made
        return made

    return register


def registry(names: Sequence[str] | None = None) -> dict[str, Claim]:
    """The claims of papers, all that are known by default: in the order of papers, sections (``__all__``) and claims.

    Raises
    ------
    PaperError
        If a paper cannot be read, or holds a claim of another.
    """
    from proofs.papers import PaperError, papers

    known = papers()
    owner = {module: name for name in known if names is None or name in names for module in known[name].sections()}
    modules = list(owner)
    claims = [c for c in _REGISTRY.values() if c.module in owner]
    for c in claims:
        if c.paper != owner[c.module]:
            raise PaperError(f"{c.module}: the id {c.id} does not begin with {owner[c.module]}/")
    return {c.id: c for c in sorted(claims, key=lambda c: modules.index(c.module))}


def select(prefixes: Sequence[str], claims: dict[str, Claim]) -> Iterator[Claim]:
    """The claims whose id is a prefix or lies below it, or whose section it names: kunin2019/A, bao2020/E with E.5."""

    def chosen(c: Claim, prefix: str) -> bool:
        above = prefix.rstrip("/")
        names = c.id, c.section
        return c.id == prefix + "+" or above in names or any(n.startswith((above + "/", above + ".")) for n in names)

    yield from (c for c in claims.values() if not prefixes or any(chosen(c, p) for p in prefixes))


class Decorator(ModuleType):
    """This module, which is what ``from proofs import claim`` gives, called: the decorator."""

    def __call__(self, *arguments: Any, **options: Any) -> Callable[[Callable[[], Statement]], Claim]:
        return claim(*arguments, **options)


sys.modules[__name__].__class__ = Decorator
