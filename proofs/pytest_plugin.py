"""A plugin of pytest: each claim of a paper is a test, so that a formula that changes turns one's own CI red.

`pytest --lae mypaper/` asks that every verdict is as the paper's record says (``lae check mypaper/ --record``). A claim
that is not recorded has to hold; one that has a correction has to be refuted.

Main results
    ClaimItem      a claim as a test
    MutantsItem    the mutants of a claim as a test: those that state something else must be noticed
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from proofs.claim import Claim

HOLDS = ("proved", "certified", "supported")
"""Verdicts of what holds, the strongest first."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lae", "claims of papers as tests")
    group.addoption(
        "--lae",
        action="append",
        default=[],
        metavar="PAPER",
        help="test the claims of a paper: a folder, or an id of an installed one",
    )
    group.addoption(
        "--lae-require", choices=HOLDS, help="ask for this verdict or a stronger one, whatever was recorded"
    )
    group.addoption(
        "--lae-mutants",
        type=float,
        metavar="SHARE",
        help="change every formula, too: so many of the changes, of 1, must be noticed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Where only papers are named, only they are tested."""
    if config.option.lae and config.args_source != pytest.Config.ArgsSource.ARGS:
        config.args = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Claims come first; what is deselected is up to pytest."""
    if wanted := session.config.option.lae:
        items[:0] = collected(session, wanted)


def collected(session: pytest.Session, wanted: list[str]) -> Iterator[pytest.Item]:
    from proofs.check import find
    from proofs.papers import asked

    try:
        ids, known = asked(wanted)
        claims = find(ids, known)
    except ValueError as problem:
        raise pytest.UsageError(f"--lae: {problem}") from None
    for claim in claims:
        yield ClaimItem.from_parent(
            session, name=claim.id, nodeid=claim.id, claim=claim, corrected=f"{claim.id}+" in known
        )
    if session.config.option.lae_mutants is not None:
        for claim in claims:
            name = f"{claim.id}[mutants]"
            yield MutantsItem.from_parent(session, name=name, nodeid=name, claim=claim)


class NotAsWanted(Exception):
    """A verdict that is not the one that was asked for, in words for the reader."""


class OfClaim(pytest.Item):
    """A test of a claim."""

    def __init__(self, *, claim: Claim, **how: Any) -> None:
        super().__init__(**how)
        self.claim = claim

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, NotAsWanted) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int, str]:
        code = self.claim.build.__code__
        return code.co_filename, code.co_firstlineno - 1, self.name


class ClaimItem(OfClaim):
    """A claim: its verdict is as recorded, or as required."""

    def __init__(self, *, corrected: bool, **how: Any) -> None:
        super().__init__(**how)
        self.corrected = corrected

    def runtest(self) -> None:
        from proofs.cache import Cache, folder
        from proofs.check import check
        from proofs.lock import file_of, stated

        (checked,) = check([self.claim], Cache(folder()), jobs=1)
        wanted, why = self.wanted()
        if checked.raises or checked.decision.verdict not in wanted:
            raise NotAsWanted(told(checked, why, stated(file_of(self.claim.paper)).get(self.claim.id, "")))

    def wanted(self) -> tuple[tuple[str, ...], str]:
        """The verdicts that pass, and why these."""
        from proofs.lock import file_of, recorded

        required = self.config.option.lae_require
        before = None if required else recorded(file_of(self.claim.paper)).get(self.claim.id)
        if before:
            return (before,), f"recorded as {before}"
        if self.corrected:
            return ("refuted",), "it has a correction, so that it should be refuted"
        wanted = HOLDS[: HOLDS.index(required or HOLDS[-1]) + 1]
        return wanted, f"wanted: {' or '.join(wanted)}"


class MutantsItem(OfClaim):
    """The mutants of a claim: a share of those that state something else is noticed."""

    def runtest(self) -> None:
        from proofs.cache import Cache, folder
        from proofs.mutation.score import score

        found = score([self.claim], Cache(folder()), jobs=1).findings
        telling = [f for f in found if f.of == "statement" and f.fate in ("killed", "survivor")]
        killed = [f for f in telling if f.fate == "killed"]
        share = self.config.option.lae_mutants
        if telling and len(killed) < share * len(telling):
            left = [f"    {f.mutation}: {f.statement}" for f in telling if f not in killed]
            head = f"{self.claim.id}: {len(killed)} of {len(telling)} changes are noticed, wanted a share of {share:g}"
            raise NotAsWanted("\n".join([head, *left]))


def told(checked: Any, why: str, before: str = "") -> str:
    """What is wrong with a verdict: the formula, what changed in it since it was recorded, the counterexample."""
    from proofs.lock import said
    from proofs.render.marked import difference, in_brackets

    claim, decision = checked.claim, checked.decision
    now = said(claim)
    lines = [f"{claim.id} is {decision.verdict}; {why}", f"    {claim.sentence}"]
    lines += [f"    {line}" for line in now.splitlines()]
    if before and before != now:
        lines.append("    what changed since it was recorded: [-went-]{+came+}")
        lines += [f"    {line}" for line in in_brackets(difference(before, now)).splitlines()]
    elif before:
        lines.append("    formula and hypotheses are as recorded")
    if example := decision.counterexample:
        lines.append(f"    fails at {example}")
    else:
        lines.append(f"    {decision.scope}")
        lines += [f"    {e.method}: {e.detail}" for e in decision.evidence if e.detail and e.detail != decision.scope]
    return "\n".join(lines)
