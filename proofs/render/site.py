"""The report: decided claims as static pages that need neither network nor script to be read.

Every page is a template filled from the objects that decided; nothing is said twice, and everything is escaped.

Main results
    pages              address → content of every page
    derivation_page    a derivation as one page that holds all that it needs
    alone              a page of another template, likewise
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from proofs.algebra.printing import latex
from proofs.check import Checked
from proofs.claim import Verdict
from proofs.render import mathml
from proofs.render.addresses import address_of, address_of_paper, address_of_picture
from proofs.render.decided import Site
from proofs.render.figure_lists import SEEN, count, shortly
from proofs.render.manual import chapters
from proofs.render.of_claim import particulars
from proofs.render.templates import filled
from proofs.render.terminal import MARKS
from proofs.render.uses_drawn import SIGNS, among_claims, overview, picture_of
from proofs.uses import FIGURE, Use


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


def entries(site: Site) -> list[list[str]]:
    """What is searched: address, id, verdict, and words of each claim."""
    found = ((c, [c.claim.where, c.claim.sentence, c.claim.printed.text()]) for c in site.checked)
    return [[quote(address_of(c.claim.id)), c.claim.id, str(c.decision.verdict), *told] for c, told in found]


def embedded(value: Any) -> str:
    """JSON that may stand in a script, whatever it holds."""
    return json.dumps(value).replace("<", "\\u003c")


TOOLS: dict[str, Any] = {
    "tex": mathml.inline,
    "display": mathml.display,
    "flowing": mathml.flowing,
    "exact": mathml.exact,
    "name": mathml.name,
    "prose": mathml.prose,
    "whole": mathml.whole,
    "judged": mathml.judged,
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
