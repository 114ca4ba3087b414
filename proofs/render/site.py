"""The report: decided claims as static pages that need neither network nor script to be read.

Every page is a template filled from the objects that decided; nothing is said twice, and everything is escaped.

Main results
    Site        decided claims and what lies around them
    pages       address → content of every page
    write       all of them into a folder
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from numerics.storing import write_whole
from proofs.algebra.printing import latex
from proofs.check import Checked, correction
from proofs.claim import Claim, Verdict
from proofs.derive import Passage, Shown, displays, title
from proofs.papers import Paper, papers
from proofs.proof import ProofStep, words
from proofs.render import mathml
from proofs.render.breaking import latex_width
from proofs.render.figure_lists import SEEN, count
from proofs.render.particulars import ranges, without
from proofs.render.templates import filled
from proofs.render.terminal import MARKS, setting_beside
from proofs.trust import Trust, rests_on, trusted

MARKER = ".lae-report"
"""A file of the folders that are ours to write into: the addresses of the pages."""
SIGNS = {
    Verdict.PROVED: "✓",
    Verdict.CERTIFIED: "✓",
    Verdict.SUPPORTED: "~",
    Verdict.REFUTED: "✗",
    Verdict.OPEN: "?",
}
HEADLINES = ("Theorem", "Proposition", "Lemma", "Corollary", "Conjecture")
"""What the place of a claim begins with if it is one that a paper is read for."""
SHORT = 24.0
"""Letters of a first member that has the first relation in its line."""
DEPTH = 24
"""How deep a proof is unfolded."""


@dataclass(frozen=True)
class Site:
    """Decided claims, and what lies around them."""

    checked: Sequence[Checked]

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
    def users(self) -> dict[str, list[str]]:
        """The claims that rest on a claim."""
        found: dict[str, list[str]] = {}
        for user, used in self.trust.uses:
            found.setdefault(used, []).append(user)
        return found

    @cached_property
    def errata(self) -> list[tuple[Checked, Checked | None]]:
        refuted = (c for c in self.checked if c.decision.verdict == Verdict.REFUTED)
        return [(c, correction(c.claim, self.every)) for c in refuted if c.claim.correction_of is None]

    @cached_property
    def headlines(self) -> list[tuple[Checked, Checked | None]]:
        return [(c, better) for c, better in self.errata if c.claim.where.startswith(HEADLINES)]

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        """The figures of these papers with what was seen last."""
        from numerics import experiments
        from numerics.experiments.record import kept

        ours = [name for name in experiments.FIGURES if name.split("/")[0] in {p.name for p, _ in self.papers}]
        return [{"id": name, "title": experiments.find(name).title, "last": kept(name)} for name in ours]

    def chapters(self, of: Sequence[Checked]) -> Iterator[tuple[str, list[Passage]]]:
        """The claims of a paper by its sections; a correction stands with what it corrects."""
        alone = [c for c in of if c.claim.correction_of not in self.every]
        for module, group in groupby(alone, key=lambda c: c.claim.module):
            yield title(module), [self.step(c) for c in group]

    def step(self, c: Checked) -> Passage:
        better = self.every.get(f"{c.claim.id}+")
        return Passage(c, shown(c), Passage(better, shown(better)) if better else None)


def shown(c: Checked) -> tuple[tuple[Shown, ...], ...]:
    """The displays of a claim; a short first member stands in the line of its first relation."""
    return tuple(map(joined, displays(c)))


def joined(display: tuple[Shown, ...]) -> tuple[Shown, ...]:
    if len(display) < 2 or latex_width(display[0].latex) > SHORT:
        return display
    first, second, *rest = display
    whole = f"{first.latex} {second.relation_latex} {second.latex}"
    return (replace(second, latex=whole, relation_latex=""), *rest)


# -- pages -----------------------------------------------------------------------------------------


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Address and content of every page."""
    names = {"index": "index.html", "errata": "errata.html", "figures": "figures.html", "trust": "trust.html"}
    for template, address in names.items():
        yield address, page(template, address, site=site)
    yield "search.html", page("search", "search.html", site=site)
    for paper, of in site.papers:
        address = address_of_paper(paper.name)
        yield address, page("paper", address, site=site, paper=paper, claims=of, chapters=site.chapters(of))
    for c in site.checked:
        address = address_of(c.claim.id)
        yield address, page("claim", address, site=site, c=c, step=site.step(c), **particulars(site, c))
    yield "search-data.js", f"const CLAIMS = {embedded(entries(site))};\n"
    for asset in ("style.css", "search.js"):
        yield asset, files("proofs").joinpath(f"templates/site/{asset}").read_text(encoding="utf-8")


def page(template: str, address: str, **values: Any) -> str:
    """A page, whose links are relative: it opens from a folder."""
    root = "../" * address.count("/")

    def link(id: str) -> str:
        return root + quote(address_of(id))

    def paper_link(name: str) -> str:
        return root + quote(address_of_paper(name))

    return filled(f"site/{template}.html.jinja", root=root, link=link, paper_link=paper_link, **TOOLS, **values)


def derivation_page(prefix: str, checked: Sequence[Checked]) -> str:
    """A derivation as one page that holds all that it needs."""
    site = Site(checked)
    style = Markup(files("proofs").joinpath("templates/site/style.css").read_text(encoding="utf-8"))
    values = {"prefix": prefix, "chapters": site.chapters(checked), "style": style, "site": site}
    return filled("site/derivation.html.jinja", root="", link=lambda id: f"#{quote(id)}", **TOOLS, **values)


def particulars(site: Site, c: Checked) -> dict[str, Any]:
    """What a claim's page tells beside its statement."""
    claim, decision = c.claim, c.decision
    necessity = {h["name"]: h for h in decision.hypotheses}
    better = correction(claim, site.every) if decision.verdict == Verdict.REFUTED else None
    rests = sorted(rests_on(c))
    return {
        "given": [(h, without(necessity.get(h.name))) for h in claim.given],
        "ranges": ranges(claim),
        "rests": [name for name in rests if name not in site.every],
        "uses": [name for name in rests if name in site.every],
        "used_by": site.users.get(claim.id, []),
        "better": better,
        "instead": shown(better) if better else (),
        "changed": setting_beside(better.claim, claim) if better else "",
        "dropped": setting_beside(claim, better.claim) if better else "",
        "proofs": [(e, proof(e.proof)) for e in decision.evidence],
        "source": source(claim),
    }


def proof(steps: Sequence[ProofStep]) -> list[dict[str, Any]]:
    """The steps below the last one, nested; one that was told is not told again."""
    told: set[int] = set()

    def below(place: int, depth: int) -> dict[str, Any]:
        again = place in told
        told.add(place)
        parts = [] if again or depth == DEPTH else steps[place].follows_from
        rule = words(steps[place].rule) + (", as above" if again and steps[place].follows_from else "")
        return {"tex": steps[place].latex, "rule": rule, "parts": [below(p, depth + 1) for p in parts]}

    return [below(len(steps) - 1, 0)] if steps else []


def source(claim: Claim) -> str:
    """Module and line of a claim's function."""
    try:
        return f"{claim.module}, line {inspect.getsourcelines(claim.build)[1]}"
    except (OSError, TypeError):
        return claim.module


def entries(site: Site) -> list[list[str]]:
    """What is searched: address, id, verdict, and words of each claim."""
    found = ((c, [c.claim.where, c.claim.sentence, c.claim.printed.text()]) for c in site.checked)
    return [[quote(address_of(c.claim.id)), c.claim.id, str(c.decision.verdict), *told] for c, told in found]


def embedded(value: Any) -> str:
    """JSON that may stand in a script, whatever it holds."""
    return json.dumps(value).replace("<", "\\u003c")


def address_of_paper(name: str) -> str:
    return f"{plain(name)}.html"


def address_of(id: str) -> str:
    """The page of a claim: a file below the folder of its paper.

    Examples
    --------
    >>> address_of("bao2020/E.2/eq35+"), address_of("a/../<b>")
    ('bao2020/E.2/eq35+.html', 'a/~../~3cb~3e.html')
    """
    return "/".join(map(plain, id.split("/"))) + ".html"


def plain(part: str) -> str:
    """A part of an id as the name of a file."""
    name = "".join(c if c.isalnum() or c in "+-_." else f"~{ord(c):x}" for c in part)
    return name if name.strip(".") else f"~{name}"


TOOLS: dict[str, Any] = {
    "tex": mathml.inline,
    "display": mathml.display,
    "exact": mathml.exact,
    "name": mathml.name,
    "signs": SIGNS,
    "marks": MARKS,
    "seen": SEEN,
    "count": count,
    "verdicts": list(Verdict),
    "latex": latex,
}


# -- files -----------------------------------------------------------------------------------------


def write(site: Site, folder: Path) -> int:
    """Write the pages, each whole; the number of them.

    Raises
    ------
    OSError
        If that is not possible.
    """
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / MARKER
    before = set(marker.read_text(encoding="utf-8").splitlines()) if marker.is_file() else set()
    written: set[str] = set()
    write_whole(marker, "".join(f"{address}\n" for address in sorted(before)))
    for address, content in pages(site):
        file = folder / address
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)
        written.add(address)
    remove(folder, before - written)
    write_whole(marker, "".join(f"{address}\n" for address in sorted(written)))
    return len(written)


def remove(folder: Path, addresses: set[str]) -> None:
    """Take away pages of an earlier report that this one does not have: of claims that are gone."""
    for file in (folder / address for address in addresses):
        if file.suffix == ".html" and file.is_file() and file.resolve().is_relative_to(folder.resolve()):
            file.unlink()


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds what is not ours.

    Raises
    ------
    FileExistsError
        If there is a file, or a folder with something else in it.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARKER).is_file())):
        raise FileExistsError(17, "it holds something else; want a new folder")
