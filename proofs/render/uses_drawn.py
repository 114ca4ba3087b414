"""What rests on what, drawn: of a claim, of a paper, and of sections with what they take from outside.

Main results
    picture_of      edges as a picture whose boxes lead to pages
    overview        sections, and the facts that they rest on
    among_claims    the edges between claims of a paper
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from proofs.claim import Verdict
from proofs.render.addresses import address_of, address_of_paper
from proofs.render.decided import Site
from proofs.render.graph import Box, Edge, drawn
from proofs.uses import FIGURE, How, Use

SIGNS = {
    Verdict.PROVED: "✓",
    Verdict.CERTIFIED: "✓",
    Verdict.SUPPORTED: "~",
    Verdict.REFUTED: "✗",
    Verdict.OPEN: "?",
}
LABEL = 40
"""Letters in a box; its title has all of them."""


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
    label = name if len(name) <= LABEL else name[: LABEL - 1] + "…"
    return Box(label, f"{root}trust.html#{quote(name)}", "fact", name)


def overview(site: Site, root: str) -> Markup:
    """Sections at the right, what they take from outside at the left; a line is as wide as there are claims."""
    places = {c.claim.id: c.claim.section for c in site.checked}
    outside = [u for u in site.uses if u.how == How.FACT]
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
