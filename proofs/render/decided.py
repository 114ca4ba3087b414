"""What a report is made of: decided claims, and what lies around them.

Main results
    Site     the claims by paper and section, errata, figures, trust, what uses what
    shown    the displays of a claim
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from proofs.check import Checked, correction
from proofs.claim import Verdict
from proofs.derive import Passage, Shown, displays, title
from proofs.papers import Paper, papers
from proofs.render.breaking import latex_width
from proofs.render.folded import homes
from proofs.trust import Trust, trusted
from proofs.uses import Use, uses_of

if TYPE_CHECKING:
    from proofs.mutation.kept import Fates

HEADLINES = ("Theorem", "Proposition", "Lemma", "Corollary", "Conjecture")
"""What the place of a claim begins with if it is one that a paper is read for."""
SHORT = 24.0
"""Letters of a first member that has the first relation in its line."""


@dataclass(frozen=True)
class Site:
    """Decided claims, and what lies around them.

    Attributes
    ----------
    checked
        The claims with their decisions.
    mutants
        What became of the mutants of a claim, where they were examined.
    """

    checked: Sequence[Checked]
    mutants: Mapping[str, Fates] = field(default_factory=dict)

    @cached_property
    def every(self) -> dict[str, Checked]:
        return {c.claim.id: c for c in self.checked}

    @cached_property
    def papers(self) -> list[tuple[Paper, list[Checked]]]:
        """The papers with their claims, in order."""
        known = papers()
        return [(known[name], list(of)) for name, of in groupby(self.checked, key=lambda c: c.claim.paper)]

    @cached_property
    def trust(self) -> Trust:
        return trusted(self.checked)

    @cached_property
    def uses(self) -> list[Use]:
        return uses_of(self.checked)

    @cached_property
    def used_by(self) -> dict[str, list[Use]]:
        """By a claim, a fact or a figure: the edges from what uses it."""
        return grouped(self.uses, "used")

    @cached_property
    def used(self) -> dict[str, list[Use]]:
        """By a claim: the edges to what it uses."""
        return grouped(self.uses, "user")

    @cached_property
    def homes(self) -> dict[str, str]:
        """Steps of proofs that claims have in common, with the claim whose page tells them."""
        return homes((c.claim.id, e.proof) for c in self.checked for e in c.decision.evidence)

    @cached_property
    def errata(self) -> list[tuple[Checked, Checked | None]]:
        refuted = (c for c in self.checked if c.decision.verdict == Verdict.REFUTED)
        return [(c, correction(c.claim, self.every)) for c in refuted if c.claim.correction_of is None]

    @cached_property
    def headlines(self) -> list[tuple[Checked, Checked | None]]:
        return [(c, better) for c, better in self.errata if c.claim.where.startswith(HEADLINES)]

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        """The figures of these papers with what was seen last, and the picture that is kept."""
        from numerics import experiments
        from numerics.experiments.record import kept, pictured

        ours = [name for name in experiments.FIGURES if name.split("/")[0] in {p.name for p, _ in self.papers}]
        return [
            {"id": name, "title": experiments.find(name).title, "last": kept(name), "picture": pictured(name)}
            for name in ours
        ]

    def chapters(self, of: Sequence[Checked]) -> Iterator[tuple[str, list[Passage]]]:
        """The claims of a paper by its sections; a correction stands with what it corrects."""
        alone = [c for c in of if c.claim.correction_of not in self.every]
        for module, group in groupby(alone, key=lambda c: c.claim.module):
            yield title(module), [self.step(c) for c in group]

    def step(self, c: Checked) -> Passage:
        better = self.every.get(f"{c.claim.id}+")
        return Passage(c, shown(c), Passage(better, shown(better)) if better else None)


def grouped(uses: Sequence[Use], end: str) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = {}
    for use in uses:
        found.setdefault(getattr(use, end), []).append(use)
    return found


def shown(c: Checked) -> tuple[tuple[Shown, ...], ...]:
    """The displays of a claim; a short first member stands in the line of its first relation."""
    return tuple(map(joined, displays(c)))


def joined(display: tuple[Shown, ...]) -> tuple[Shown, ...]:
    if len(display) < 2 or latex_width(display[0].latex) > SHORT:
        return display
    first, second, *rest = display
    whole = f"{first.latex} {second.relation_latex} {second.latex}"
    return (replace(second, latex=whole, relation_latex=""), *rest)
