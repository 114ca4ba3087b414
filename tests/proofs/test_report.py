"""The report: pages that hold together, whatever labels, statements and ids hold; in a browser, without a network."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote
from urllib.request import urlopen

import html5lib
import pytest
from typer.testing import CliRunner

from proofs.check import Checked, settle
from proofs.claim import Claim, Decision, Verdict, registry
from proofs.cli import app
from proofs.hypotheses import Hypothesis
from proofs.kernel.expressions import Letter, Num, Sym, size
from proofs.kernel.propositions import Rel
from proofs.methods.chain import eq
from proofs.papers import opened
from proofs.proof import ProofStep
from proofs.render import folders, mathml, site
from proofs.render.addresses import address_of
from proofs.render.decided import Site
from proofs.render.folded import Folded, homes

RIDGE = Path(__file__).parents[1] / "papers" / "ridge"
VOID = {"meta", "link", "input", "br", "mspace", "img"}
OF_THE_BROWSER = {"accounts.google.com", "update.googleapis.com", "redirector.gvt1.com", "clients2.google.com"}
"""What Chromium asks for by itself, here in vain."""
HOSTILE = '"><script>alert(1)</script>\\input{x}&amp;'
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Page(HTMLParser):
    """A page: its tags are balanced; its links, anchors and scripts."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: list[str] = []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        named = dict(attributes)
        assert not [name for name in named if name.startswith("on")]
        if "id" in named:
            assert named["id"] not in self.ids
            self.ids.add(named["id"])
        self.links += [named[name] for name in ("href", "src", "action") if name in named]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The report of a paper in a folder."""
    out = tmp_path_factory.mktemp("report") / "site"
    cache = str(tmp_path_factory.mktemp("cache"))
    found = CliRunner(env={"LAE_CACHE": cache}).invoke(app, ["report", f"{RIDGE}/", "--out", str(out), "--jobs", "1"])
    assert found.exit_code == 0, found.stderr
    return out


def test_every_page_is_balanced_and_every_link_leads_somewhere(folder):
    pages = {p.resolve(): Page(p.read_text()) for p in folder.rglob("*.html")}
    assert len(list((folder / "ridge").rglob("*.html"))) == 10
    for path, page in pages.items():
        for link in page.links:
            if link == "data:,":
                continue
            address, _, anchor = link.partition("#")
            there = (path.parent / unquote(address)).resolve() if address else path
            assert there.is_file(), (path, link)
            assert not anchor or unquote(anchor) in pages[there].ids, (path, link)


def test_a_claim_page_tells_what_is_known(folder):
    page = (folder / "ridge/2/by-the-root.html").read_text()
    for part in ("refuted", "by-the-root+", "Fails at", "<math", "Given", "Witnesses", "ridge.shrinkage, line"):
        assert part in page
    for part in ("<del>s_i²</del><ins>s_i</ins>", "</svg>", "lae mutate ridge/2/by-the-root", "Cite as: lae"):
        assert part in page
    assert "<summary>The proof" in (folder / "ridge/1/gradient.html").read_text()


def test_every_page_is_valid_html(folder):
    for path in folder.rglob("*.html"):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(path.read_text())
        assert not parser.errors, (path, parser.errors[:3])


def test_headings_descend_one_by_one_and_fields_and_pictures_have_words(folder):
    for path in folder.rglob("*.html"):
        text = path.read_text()
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(b <= a + 1 for a, b in pairwise(levels)), (path, levels)
        assert not re.search(r'<img(?![^>]*alt="[^"]+)', text), path
        assert all("<label>" in text for _ in re.findall("<input", text)), path
        assert '<html lang="en">' in text, path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_of_text_stands_out_from_what_is_behind_it(theme):
    colours = [dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{([^}]*)\}", site.style())]
    found = colours[0] | (colours[1] if theme == "dark" else {})
    for text in set(found) - {"back", "tint", "line"}:
        for behind in ("back", "tint"):
            assert contrast(found[text], found[behind]) >= 4.5, (text, behind)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.

    >>> contrast("#000", "#ffffff")
    21.0
    """
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_card_in_a_notebook_is_that_of_the_report():
    from proofs import decide

    claim = made("lae/" + HOSTILE).claim
    for shown in (claim._repr_html_(), decide(claim)._repr_html_()):
        page = Page(shown)
        assert "script" not in page.tags
        assert '<div class="lae-card">' in shown
        assert ":root" not in shown
        assert "<style>.lae-card { & { color-scheme" in shown
    assert '<span class="verdict refuted">' in shown
    assert 'class="counterexample"' in shown


def test_a_spectrum_is_a_page_of_its_own(tmp_path):
    spectrum = tmp_path / "<script>alert(1)<b>.csv"
    spectrum.write_text("5,4,3,1")
    page = tmp_path / "spectrum.html"
    arguments = ["bounds", "--sigma", str(spectrum), "--k", "3", "--certify", "--report", str(page)]
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 0, found.stderr
    text = page.read_text()
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert not parser.errors
    read = Page(text)
    assert "script" not in read.tags
    assert [link[:26] for link in read.links] == ["#main", "data:image/svg+xml;base64,"]
    for part in ("condition number", "bao2020/B/smax-bound", "certified", "the slow direction"):
        assert part in text


@pytest.mark.parametrize("name", ["page.svg", "nowhere/page.html"])
def test_a_page_of_a_spectrum_that_cannot_be_written_is_refused(tmp_path, name):
    found = CliRunner().invoke(app, ["bounds", "--sigma", "5,4", "--k", "1", "--report", str(tmp_path / name)])
    assert found.exit_code == 2
    assert found.stderr.startswith("lae bounds: report: ")


def made(id: str, text: str = HOSTILE) -> Checked:
    x = Sym("x", text)
    given = Hypothesis(text, text, (Rel(x, ">", Num(0)),))
    claim = Claim(id, text, text, lambda: eq(x + x, x, text), (given,), text, text, text, "proofs.lae.training")
    return Checked(claim, settle(claim))


def test_nothing_that_a_claim_holds_is_markup():
    registry(["lae"])  # whose module the claims say that they are of
    found = [made("lae/" + HOSTILE), made("lae/a/../b+")]
    for address, text in site.pages(Site(found)):
        assert ".." not in address.split("/")
        if address.endswith(".html"):
            page = Page(text)
            assert "script" not in page.tags or address == "search.html"
        elif address == "search-data.js":
            assert "<" not in text
    page = site.derivation_page(HOSTILE, found)
    assert "script" not in Page(page).tags


@pytest.mark.parametrize("tex", [r"\href{javascript:alert(1)}{x}", r"\text{<img src=x onerror=y>}", r"\frac{", "\x00"])
def test_no_formula_is_a_link_or_markup(tex):
    assert set(Page(str(mathml.inline(tex))).links) == set()
    assert "<img" not in mathml.inline(tex)


def test_a_long_formula_is_broken_into_lines_that_are_formulas():
    matrix = r"\begin{pmatrix} \sigma_{b}^{2} \nu_{a} & -\lambda_{b} \\ 0 & \sqrt{\nu_{a}} \end{pmatrix}"
    least = rf"s_{{\min}}\left({matrix}\right)"
    tex = r"\sum_{a=1}^{k} \min\left\{" + ", ".join([least] * 9) + r"\right\} \le x \quad \text{for } 1 \le a"
    for found in (mathml.flowing(tex), mathml.display(tex, "=")):
        assert found.count("<math") > 2
        assert "<code" not in found


def test_every_formula_of_every_paper_is_mathml():
    for c in registry().values():
        for tex in (c.printed.latex(), *(h.tex for h in c.given)):
            assert mathml.inline(tex).startswith("<math"), (c.id, tex)


@pytest.mark.slow
def test_every_claim_of_every_paper_has_a_page():
    undecided = Decision(Verdict.OPEN, "", (), None, 0.0)
    whole = dict(site.pages(Site([Checked(c, undecided) for c in registry().values()])))
    for id in registry():
        assert id in whole[address_of(id)]
    Page(whole["bao2020.html"])


def test_the_proof_is_told_down_to_its_leaves():
    A, B = Letter("A", size("k"), size("k")), Letter("B", size("k"), size("k"))
    claim = Claim("lae/x", "", "", lambda: eq((A @ B).T, B.T @ A.T))
    (top,) = Folded().proof(next(e.proof for e in settle(claim).evidence if e.proof))
    assert top["rule"]
    assert top["tex"]


def test_every_step_of_a_deep_proof_is_told_and_called_by_its_number_where_it_is_told_again():
    steps = [ProofStep(str(n), "x" * 99 + str(n), "chain", (n - 1, 0) if n else ()) for n in range(60)]
    tops = Folded().proof(steps)
    assert len(tops) == 3

    def told(step):
        yield step
        for part in step["parts"]:
            yield from told(part)

    everything = [step for top in tops for step in told(top)]
    whole = [step["tex"] for step in everything if not step["again"]]
    assert sorted(whole) == sorted(step.latex for step in steps)
    ids = [step["id"] for step in everything if step["id"] and not step["again"]]
    assert len(ids) == len(set(ids))
    assert {step["id"] for step in everything if step["again"]} <= set(ids)


def test_what_two_claims_have_in_common_is_told_on_the_page_of_the_first_with_an_address():
    common = [ProofStep(str(n), f"x_{n}", "chain", (n - 1,) if n else ()) for n in range(12)]
    first = [*common, ProofStep("a", "a", "chain", (11,))]
    second = [*common, ProofStep("b", "b", "chain", (3, 11))]
    known = homes([("p/1", first), ("p/2", second)])
    ((top,), (other,)) = Folded(known, "p/1").proof(first), Folded(known, "p/2").proof(second)
    short, long = other["parts"]
    assert (short["home"], long["home"], long["parts"]) == ("", "p/1", [])
    assert (top["parts"][0]["id"], top["parts"][0]["home"]) == (long["name"], "")
    assert (top["home"], other["home"]) == ("", "")


def test_a_folder_with_something_else_is_refused(tmp_path):
    (tmp_path / "mine").write_text("kept")
    found = CliRunner().invoke(app, ["report", f"{RIDGE}/1/push-through", "--out", str(tmp_path)])
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
    assert CliRunner().invoke(app, ["report", f"{RIDGE}/"]).exit_code == 2


def test_pages_of_claims_that_are_gone_are_taken_away_and_nothing_else(tmp_path):
    x = Sym("x")
    first, second = (
        Checked(c, settle(c))
        for c in (Claim(f"lae/{n}", "", "", lambda: eq(x, x), module="proofs.papers") for n in "ab")
    )
    out = tmp_path / "site"
    folders.write(Site([first, second]), out)
    (tmp_path / "kept.html").write_text("kept")
    (out / "kept.html").write_text("kept")
    (out / folders.MARKER).write_text((out / folders.MARKER).read_text() + "../kept.html\n")
    folders.write(Site([first]), out)
    assert not (out / "lae" / "b.html").exists()
    assert (out / "lae" / "a.html").exists()
    assert (out / "kept.html").exists()
    assert (tmp_path / "kept.html").exists()


@pytest.mark.parametrize("format", ["html", "notebook"])
def test_a_derivation_is_a_page_or_a_notebook(format, tmp_path):
    out = tmp_path / "derived"
    arguments = ["derive", f"{RIDGE}/2/by-the-root", "--format", format, "--out", str(out)]
    found = CliRunner(env={"LAE_CACHE": str(tmp_path / "cache")}).invoke(app, arguments)
    assert found.exit_code == 0, found.stderr
    if format == "html":
        assert "<math" in out.read_text()
        Page(out.read_text())
    else:
        cells = json.loads(out.read_text())["cells"]
        assert str(opened(RIDGE).folder) in cells[1]["source"]
        assert any("Fails" in c["source"] for c in cells)


def test_pages_are_served_on_localhost_until_they_are_interrupted(tmp_path):
    command = [sys.executable, "-P", "-m", "proofs", "report", f"{RIDGE}/1/push-through", "--serve", "--port", "0"]
    where = os.environ | {"LAE_CACHE": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=where, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        with urlopen(f"{address}ridge/1/push-through.html") as page:
            assert b"<math" in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130


# -- in a browser ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser")
@pytest.mark.parametrize(
    "address",
    [
        "index.html",
        "ridge.html",
        "errata.html",
        "ridge/2/by-the-root.html",
        "trust.html",
        "graph.html",
        "docs/guide.html",
    ],
)
def test_a_page_loads_without_an_error_and_without_a_network(folder, tmp_path, address):
    dom, requests, console = loaded(f"file://{folder}/{address}", tmp_path)
    assert "</main>" in dom
    assert console == []
    assert requests == set()


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser")
def test_search_finds_a_claim_by_its_words(folder, tmp_path):
    dom, _, console = loaded(f"file://{folder}/search.html?q=gradient+vanishes", tmp_path)
    assert '<a href="ridge/1/normal-equation.html">' in dom
    assert "1 claim<" in dom
    assert console == []


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser")
def test_the_largest_page_is_rendered_in_two_seconds(tmp_path):
    undecided = Decision(Verdict.OPEN, "", (), None, 0.0)
    every = [Checked(c, undecided) for c in registry(["bao2020"]).values()]
    folders.write(Site(every), tmp_path / "site")
    largest = max((tmp_path / "site").rglob("*.html"), key=lambda p: p.stat().st_size)
    assert rendered(largest, tmp_path) < 2


def rendered(page: Path, folder: Path) -> float:
    """Seconds until there is a picture of a page, beyond those of an empty one; the best of three."""
    (folder / "empty.html").write_text("<!doctype html><title>empty</title>")
    return min(painted(page, folder) for _ in range(3)) - min(painted(folder / "empty.html", folder) for _ in range(3))


def painted(page: Path, folder: Path) -> float:
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    begun = time.monotonic()
    picture = f"--screenshot={folder / 'page.png'}"
    subprocess.run([str(CHROMIUM), *options, picture, page.as_uri()], capture_output=True, timeout=120, check=True)
    return time.monotonic() - begun


def loaded(address: str, folder: Path) -> tuple[str, set[str], list[str]]:
    """The page as the browser made it, what it asked of a network, and what it complained of."""
    log = folder / "net.json"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    options += [
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ]
    options += ["--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}"]
    command = [str(CHROMIUM), *options, "--dump-dom", address]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120)
    asked = set(re.findall(r'"url":"(?:https?|wss?)://([^/"]*)', log.read_text())) - OF_THE_BROWSER
    console = [line for line in found.stderr.splitlines() if ":CONSOLE" in line]
    return found.stdout, asked, console
