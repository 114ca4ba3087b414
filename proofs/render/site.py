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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import metadata
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
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
from proofs.render.figure_lists import SEEN, count, shortly
from proofs.render.graph import Box, Edge, drawn
from proofs.render.manual import chapters
from proofs.render.marked import difference
from proofs.render.particulars import clipped, ranges, without
from proofs.render.templates import filled
from proofs.render.terminal import MARKS, setting_beside
from proofs.trust import Trust, trusted
from proofs.uses import FIGURE, How, Use, uses_of

if TYPE_CHECKING:
    from proofs.mutation.kept import Tally

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
    """Decided claims, and what lies around them.

    Attributes
    ----------
    checked
        The claims with their decisions.
    mutants
        What became of the mutants of a claim, where they were examined.
    """

    checked: Sequence[Checked]
    mutants: Mapping[str, Tally] = field(default_factory=dict)

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
        """By a claim, a fact, an oracle or a figure: the edges from what uses it."""
        return grouped(self.uses, "used")

    @cached_property
    def used(self) -> dict[str, list[Use]]:
        """By a claim: the edges to what it uses."""
        return grouped(self.uses, "user")

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


# -- pages -----------------------------------------------------------------------------------------


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Address and content of every page."""
    for template in ("index", "errata", "figures", "graph", "trust", "search"):
        address = f"{template}.html"
        yield address, page(template, address, site=site)
    for paper, of in site.papers:
        address = address_of_paper(paper.name)
        yield address, page("paper", address, site=site, paper=paper, claims=of, chapters=site.chapters(of))
    for c in site.checked:
        address = address_of(c.claim.id)
        yield address, page("claim", address, site=site, c=c, step=site.step(c), **particulars(site, c))
    manual = chapters()
    yield "docs/index.html", page("manual", "docs/index.html", site=site, manual=manual)
    for chapter in manual:
        yield chapter.address, page("docs", chapter.address, site=site, chapter=chapter)
    for figure in site.figures:
        if figure["picture"]:
            yield address_of_picture(figure["id"]), figure["picture"][1]
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

    def picture_link(figure: str) -> str:
        return root + quote(address_of_picture(figure))

    def graph(uses: Sequence[Use], says: str) -> Markup:
        return picture_of(values["site"], uses, says, root)

    links = {"root": root, "link": link, "paper_link": paper_link, "picture_link": picture_link, "graph": graph}
    return filled(f"site/{template}.html.jinja", **links, **TOOLS, **values)


def derivation_page(prefix: str, checked: Sequence[Checked]) -> str:
    """A derivation as one page that holds all that it needs."""
    site = Site(checked)
    return alone("derivation", prefix=prefix, chapters=site.chapters(checked), site=site)


def alone(template: str, **values: Any) -> str:
    """A page that holds all that it needs."""
    page = {"root": "", "style": style(), "link": lambda id: f"#{quote(id)}"}
    return filled(f"site/{template}.html.jinja", **TOOLS, **page | values)


def style() -> Markup:
    """The style sheet."""
    return Markup(files("proofs").joinpath("templates/site/style.css").read_text(encoding="utf-8"))


def particulars(site: Site, c: Checked) -> dict[str, Any]:
    """What a claim's page tells beside its statement."""
    claim, decision = c.claim, c.decision
    necessity = {h["name"]: h for h in decision.hypotheses}
    better = correction(claim, site.every) if decision.verdict == Verdict.REFUTED else None
    return {
        "given": [(h, without(necessity.get(h.name))) for h in claim.given],
        "ranges": ranges(claim),
        "uses": site.used.get(claim.id, []),
        "used_by": site.used_by.get(claim.id, []),
        "better": better,
        "instead": shown(better) if better else (),
        "changes": difference(claim.printed.text(), better.claim.printed.text()) if better else (),
        "changed": setting_beside(better.claim, claim) if better else "",
        "dropped": setting_beside(claim, better.claim) if better else "",
        "proofs": [(e, proof(e.proof)) for e in decision.evidence],
        "mutants": mutants_of(claim),
        "fates": fates(site, claim),
        "source": source(claim),
        "code": code(claim),
        "permanent": address_of(claim.id),
        "version": version(),
    }


def fates(site: Site, claim: Claim) -> str:
    """What became of the mutants of a claim, if they were examined."""
    from proofs.mutation.kept import short

    return site.mutants[claim.id].text(short(claim)) if claim.id in site.mutants else ""


def mutants_of(claim: Claim) -> int:
    """How many formulas, each with one change, the claim is told from."""
    from proofs.mutation.statements import mutants

    try:
        return sum(1 for _ in mutants(claim.statement))
    except Exception:  # it cannot be built, which its verdict says
        return 0


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


def code(claim: Claim) -> str:
    """A claim's function, as it is written."""
    try:
        return inspect.getsource(claim.build)
    except (OSError, TypeError):
        return ""


def version() -> str:
    """The version of this package."""
    try:
        return metadata.version("lae")
    except metadata.PackageNotFoundError:
        return "from sources"


# -- the graph of uses -----------------------------------------------------------------------------


def picture_of(site: Site, uses: Sequence[Use], says: str, root: str) -> Markup:
    """Edges as a picture; nothing where there are none."""
    if not uses:
        return Markup("")
    names = dict.fromkeys(name for use in uses for name in (use.used, use.user))
    boxes = {name: box_of(site, name, root) for name in names}
    return drawn(boxes, [Edge(u.user, u.used, u.how) for u in uses], says)


def box_of(site: Site, name: str, root: str) -> Box:
    """A claim, a figure or what is taken from outside, as a box that leads to it."""
    if c := site.every.get(name):
        sign = SIGNS[c.decision.verdict]
        return Box(f"{sign} {name}", root + quote(address_of(name)), str(c.decision.verdict), c.claim.sentence)
    if name.startswith(FIGURE):
        return Box(name, f"{root}figures.html#{quote(name.removeprefix(FIGURE))}", "figure", "what was seen of it")
    return Box(clipped(name, 40), f"{root}trust.html#{quote(name)}", "fact", name)


def overview(site: Site, root: str) -> Markup:
    """Sections at the right, what they take from outside at the left; a line is as wide as there are claims."""
    places = {c.claim.id: c.claim.section for c in site.checked}
    outside = [u for u in site.uses if u.how in (How.FACT, How.ORACLE)]
    count = Counter((places[u.user], u.used) for u in outside)
    used = dict.fromkeys(name for _, name in sorted(count, key=lambda edge: edge[1]))
    sections = dict.fromkeys(places[c.claim.id] for c in site.checked if (places[c.claim.id] in {s for s, _ in count}))
    if not count:
        return Markup("")
    boxes = {name: box_of(site, name, root) for name in used}
    boxes |= {
        name: Box(name.rstrip("/"), root + quote(address_of_paper(name.split("/")[0])), "section") for name in sections
    }
    edges = [Edge(section, name, "rests on", number) for (section, name), number in count.items()]
    return drawn(boxes, edges, "The sections of the papers and what their proofs take from outside")


def among_claims(site: Site, paper: str) -> list[Use]:
    """The edges between claims of a paper."""
    return [u for u in site.uses if u.used in site.every and site.every[u.user].claim.paper == paper]


# -- the search ------------------------------------------------------------------------------------


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


def address_of_picture(figure: str) -> str:
    return f"figures/{'-'.join(map(plain, figure.split('/')))}.svg"


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
    "shortly": shortly,
    "verdicts": list(Verdict),
    "latex": latex,
    "figure": FIGURE,
    "overview": overview,
    "among_claims": among_claims,
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
