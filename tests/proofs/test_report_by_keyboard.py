"""The report by keyboard alone: everything can be reached, in the order that is read, and it is seen where one is."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from proofs.cli import app
from tests.proofs.browser import CHROMIUM, browser

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no browser")]

RIDGE = Path(__file__).parents[1] / "papers" / "ridge"
CAN_BE_REACHED = "a[href], input, summary, [tabindex='0']"
FOCUS = """(() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const all = [...document.querySelectorAll("%s")].filter(x => x.checkVisibility({contentVisibilityAuto: false}));
  return {place: all.indexOf(e), count: all.length, what: e.outerHTML.slice(0, 80),
    ring: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1,
    seen: r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth};
})()"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "site"
    cache = str(tmp_path_factory.mktemp("cache"))
    found = CliRunner(env={"LAE_CACHE": cache}).invoke(app, ["report", f"{RIDGE}/", "--out", str(out), "--jobs", "1"])
    assert found.exit_code == 0, found.stderr
    return out


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


def focus(tab):
    return tab.ask(FOCUS % CAN_BE_REACHED)


@pytest.mark.parametrize("address", ["index.html", "ridge.html", "ridge/2/by-the-root.html", "docs/guide.html"])
def test_every_link_and_field_is_reached_in_order_and_seen_when_it_is(folder, tab, address):
    tab.open(f"{(folder / address).as_uri()}")
    tab.press("Tab")
    first = focus(tab)
    assert 'class="skip"' in first["what"]
    for place in range(first["count"]):
        here = focus(tab)
        assert (here["place"], here["ring"], here["seen"]) == (place, True, True), here
        tab.press("Tab")


def test_the_first_link_leads_past_the_header_to_the_text(folder, tab):
    tab.open((folder / "ridge.html").as_uri())
    tab.press("Tab")
    tab.press("Enter")
    tab.wait("location.hash === '#main'")
    tab.press("Tab")
    assert tab.ask("document.getElementById('main').contains(document.activeElement)")


def test_what_is_folded_is_unfolded_by_a_key(folder, tab):
    tab.open((folder / "ridge/1/gradient.html").as_uri())
    tab.ask("document.querySelector('summary').focus()")
    tab.press("Enter")
    assert tab.ask("document.activeElement.parentElement.open")


def test_a_claim_is_searched_and_opened(folder, tab):
    tab.open((folder / "errata.html").as_uri())
    while tab.ask("document.activeElement.name") != "q":
        tab.press("Tab")
    tab.type("gradient vanishes")
    tab.press("Enter")
    tab.wait("location.pathname.endsWith('search.html') && document.querySelector('#found a')")
    assert tab.ask("document.getElementById('count').textContent") == "1 claim"
    while not tab.ask("document.getElementById('found').contains(document.activeElement)"):
        tab.press("Tab")
    tab.press("Enter")
    tab.wait("location.pathname.endsWith('ridge/1/normal-equation.html')")
