"""What other people's code asks of the referee: claims by id, verdicts, theorems, and a check of their own functions.

Main results
    paper             the claims of a folder, or of an installed paper, by id
    decide            a statement or a claim → verdict, scope, evidence, counterexample
    prove             a statement → a theorem of the kernel
    assert_computes   that a function computes what a claim says
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from math import atan2
from pathlib import Path
from typing import Any

import numpy as np

from proofs.algebra.evaluate import Angle, Instance, evaluate
from proofs.algebra.printing import latex, text
from proofs.check import settle
from proofs.claim import Claim, Context, Decision, Outcome, Statement, checked, registry, seed_of, witness
from proofs.hypotheses import Hypothesis, Plan, asked_of, instances, show
from proofs.kernel.expressions import Expr
from proofs.kernel.propositions import Prop
from proofs.kernel.theorem import Theorem
from proofs.papers import opened, papers
from proofs.tactics.ground import NotFound

INSTANCES = 24
"""Instances at which a function is called."""


def paper(where: str | Path) -> dict[str, Claim]:
    """The claims of a paper, by id.

    Parameters
    ----------
    where
        Its folder as a path, or the name of an installed paper.

    Examples
    --------
    >>> claims = paper("kunin2019")
    >>> claims["kunin2019/thm2.1"].sentence
    'At every critical point of the sum loss the encoder is the transpose of the decoder.'
    """
    if isinstance(where, str) and where in papers():
        return registry([where])
    return registry([opened(Path(where)).name])


def decide(statement: Claim | Statement | Expr, given: Sequence[Hypothesis | Expr] = ()) -> Decision:
    """The verdict of a claim, of a statement such as ``eq(a, b)``, or of a proposition.

    Parameters
    ----------
    statement
        A claim brings what is given with it.
    given
        Hypotheses, or propositions that are supposed.

    Examples
    --------
    >>> from proofs.kernel.expressions import Letter, Sym, size
    >>> from proofs.kernel.propositions import Rel, rel
    >>> from proofs.methods.chain import chain, eq
    >>> A, B = Letter("A", size("k"), size("k")), Letter("B", size("k"), size("k"))
    >>> decide(eq((A @ B).T, B.T @ A.T)).verdict.value
    'proved'
    >>> found = decide(eq(A @ B, B @ A))
    >>> found.verdict.value, found.counterexample.instance["k"]
    ('refuted', '2')
    >>> x = Sym("x")
    >>> decide(chain(x**2, "≥", x), given=[rel(x, "≥", 1)]).verdict.value
    'proved'
    """
    return settle(as_claim(statement, given))


def prove(statement: Claim | Statement | Expr, given: Sequence[Hypothesis | Expr] = ()) -> Theorem:
    """A theorem of the kernel that says the statement, from no more than is given.

    Raises
    ------
    NotFound
        If no proof was found, which says nothing of the statement.

    Examples
    --------
    >>> from proofs.kernel.expressions import Letter, Tr, size
    >>> from proofs.methods.chain import eq
    >>> A, B = Letter("A", size("k"), size("m")), Letter("B", size("m"), size("k"))
    >>> print(prove(eq(Tr(A @ B), Tr(B @ A))).says)
    Tr(A B) = Tr(B A)
    """
    claim = as_claim(statement, given)
    supposed = claim.supposed(claim.statement)
    context = Context(claim.given, seed_of(claim.id), drawn={}, supposed=supposed)
    found = checked(witness(claim.statement.witnesses[0], claim.statement, context), claim.statement, supposed)
    if found.outcome != Outcome.PROVED or found.theorem is None:
        raise NotFound("; ".join(filter(None, (found.detail, *found.steps))) or "no proof was found")
    return found.theorem


def as_claim(statement: Claim | Statement | Expr, given: Sequence[Hypothesis | Expr] = ()) -> Claim:
    """A claim that is in no registry."""
    if isinstance(statement, Claim):
        return statement
    if isinstance(statement, Prop):
        from proofs.methods.proposition import says

        statement = says(statement)
    if not hasattr(statement, "witnesses"):
        raise TypeError(f"a {type(statement).__name__} is no statement; want eq(…), chain(…), says(…) or a proposition")
    made: Any = statement
    supposed = tuple(h if isinstance(h, Hypothesis) else supposing(h) for h in given)
    return Claim("a statement", "", "", lambda: made, supposed)


def supposing(p: Expr) -> Hypothesis:
    """A proposition as a hypothesis."""
    return Hypothesis(text(p), latex(p), (p,))  # type: ignore[arg-type]


def assert_computes(
    claim: Claim | Statement,
    function: Callable[..., Any],
    letters: Mapping[str, str] | None = None,
    member: int = -1,
    rtol: float = 1e-9,
) -> None:
    """Assert that a function computes what a claim says, at instances of what the claim is given.

    Parameters
    ----------
    function
        Its parameters are letters of the claim: numbers, lists and matrices come as floats and arrays of NumPy, an
        n × 1 matrix as an array of that shape, sizes and indices as integers.
    letters
        Parameters that have other names than their letters, as ``{"lam": "λ"}``.
    member
        Which member of ``a = b = …`` it is to compute; the last by default.
    rtol
        How much it may differ, as a share of the largest entry.

    Raises
    ------
    AssertionError
        With the instance, what the claim says there, and what was computed.

    Examples
    --------
    >>> from proofs.kernel.expressions import Letter, SqNorm, size
    >>> from proofs.methods.chain import eq
    >>> A = Letter("A", size("k"), size("m"))
    >>> assert_computes(eq(SqNorm(A), SqNorm(A)), lambda A: (A**2).sum())
    >>> assert_computes(eq(SqNorm(A), SqNorm(A)), lambda A: np.linalg.norm(A))
    Traceback (most recent call last):
        ...
    AssertionError: at A = [[1/2]] the claim says 0.25, the function 0.5
    """
    claim = as_claim(claim)
    names = parameters(claim, function, letters or {})
    wanted = claim.statement.parts[member]
    count = 0
    for at in islice(cases(claim), INSTANCES):
        given = {parameter: as_float(at[letter]) for parameter, letter in names.items() if letter in at}
        expected, found = as_float(evaluate(wanted, at)), np.asarray(function(**given))
        size = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
        close = found.shape == np.shape(expected) and np.allclose(found, expected, rtol=0, atol=rtol * size)
        if not close:
            where = ", ".join(f"{name} = {value}" for name, value in instance_shown(claim, at).items())
            raise AssertionError(f"at {where} the claim says {plainly(expected)}, the function {plainly(found)}")
        count += 1
    if not count:
        raise AssertionError(f"no instance of what {claim.id} is given was found, so that nothing was compared")


def cases(claim: Claim) -> Iterator[Instance]:
    """Exact instances of what the claim is given, at which it has a value."""
    context = Context(claim.given, seed_of(claim.id), budget=1e7)
    return instances(claim.statement.parts, context, Plan(per_size=3))


def parameters(claim: Claim, function: Callable[..., Any], letters: Mapping[str, str]) -> dict[str, str]:
    """The function's parameters ↦ letters of the claim."""
    names, _ = asked_of(tuple(claim.statement.parts), claim.given)
    known = {x.name for x in names.symbols} | {x.name for x in names.letters} | {x.name for x in names.families}
    found = {p: letters.get(p, p) for p in inspect.signature(function).parameters}
    for parameter, letter in found.items():
        if letter not in known:
            raise TypeError(f"{claim.id} has no letter {letter!r} for {parameter}; want of {', '.join(sorted(known))}")
    return found


def as_float(value: Any) -> Any:
    """An exact value as floats; an integer stays one."""
    if isinstance(value, Angle):
        return atan2(float(value.sin), float(value.cos))
    if isinstance(value, int):
        return value
    if isinstance(value, list | tuple | np.ndarray):
        return np.array(value, dtype=object).astype(float) if len(value) else np.zeros(np.shape(value))
    return float(value)


def instance_shown(claim: Claim, at: Instance) -> dict[str, str]:
    names, _ = asked_of(tuple(claim.statement.parts), claim.given)
    return {name: value for name, value in show(at, names).items() if name not in ("k", "m", "n", "p") or len(at) < 4}


def plainly(value: Any) -> str:
    return str(np.asarray(value).tolist())
