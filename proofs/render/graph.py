"""A graph as SVG: what is used stands at the left of what uses it, each box a link, no box over another.

Main results
    Box         a node: its label, where it leads, what kind it is
    drawn       boxes and edges as a picture
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from statistics import fmean

from markupsafe import Markup, escape

LETTER, PAD, HEIGHT, STEP, GAP = 7.0, 9.0, 22.0, 30.0, 70.0
"""Pixels: the width of a letter, around a label, of a box, from one to the next, between layers."""
NAMESPACE = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Box:
    """A node; its kind is a class of the style sheet, and ``tip`` is told on top of it."""

    label: str
    link: str = ""
    kind: str = ""
    tip: str = ""

    @property
    def width(self) -> float:
        return LETTER * len(self.label) + 2 * PAD


@dataclass(frozen=True)
class Edge:
    """From what uses to what is used, with how; wider where it stands for more."""

    user: str
    used: str
    how: str = ""
    count: int = 1


Places = dict[str, tuple[float, float]]


def drawn(boxes: Mapping[str, Box], edges: Sequence[Edge], says: str) -> Markup:
    """The picture, component by component.

    Parameters
    ----------
    boxes
        The nodes by name.
    edges
        Between them, without a cycle.
    says
        What it shows, for who does not see it.

    Raises
    ------
    graphlib.CycleError
        If something rests on itself.

    Examples
    --------
    >>> picture = drawn({"a": Box("a", "a.html"), "b": Box("b<")}, [Edge("b", "a", "rests on")], "b on a")
    >>> '<a href="a.html">' in picture, "b&lt;" in picture, picture.count("<path")
    (True, True, 1)
    """
    depth = layers(boxes, edges)
    columns = starts(boxes, depth)
    places: Places = {}
    top = 0.0
    for component in components(boxes, edges):
        within = [e for e in edges if e.user in component]
        top = placed(component, within, depth, columns, places, top)
    width = max((x + boxes[name].width for name, (x, _) in places.items()), default=0.0) + 2
    parts = [line(e, boxes, places) for e in edges] + [box(boxes[name], *at) for name, at in places.items()]
    head = Markup(
        '<svg xmlns="{}" class="graph" role="group" aria-label="{}" viewBox="-1 -1 {:.0f} {:.0f}" width="{:.0f}">'
    ).format(NAMESPACE, says, width + 1, top + 1, width + 1)
    return head + Markup("\n").join(parts) + Markup("</svg>")


def layers(boxes: Mapping[str, Box], edges: Sequence[Edge]) -> dict[str, int]:
    """How many layers lie at the left of each node."""
    used: dict[str, list[str]] = {name: [] for name in boxes}
    for e in edges:
        used[e.user].append(e.used)
    depth: dict[str, int] = {}
    for name in TopologicalSorter(used).static_order():
        depth[name] = max((depth[x] + 1 for x in used[name]), default=0)
    return depth


def starts(boxes: Mapping[str, Box], depth: Mapping[str, int]) -> list[float]:
    """Where each layer begins."""
    x, found = 0.0, []
    for layer in range(max(depth.values(), default=-1) + 1):
        found.append(x)
        x += max(boxes[name].width for name in boxes if depth[name] == layer) + GAP
    return found


def components(boxes: Mapping[str, Box], edges: Sequence[Edge]) -> Iterator[list[str]]:
    """The nodes that hang together, in their order."""
    near: dict[str, list[str]] = {name: [] for name in boxes}
    for e in edges:
        near[e.user].append(e.used)
        near[e.used].append(e.user)
    seen: set[str] = set()
    for first in boxes:
        if first in seen:
            continue
        waiting, component = [first], {first}
        while waiting:
            new = set(near[waiting.pop()]) - component
            component |= new
            waiting += new
        seen |= component
        yield [name for name in boxes if name in component]


def placed(
    component: Sequence[str],
    edges: Sequence[Edge],
    depth: Mapping[str, int],
    columns: Sequence[float],
    places: Places,
    top: float,
) -> float:
    """Put a component below what was put before: each node near to what it uses. The new bottom."""
    bottom = top
    for layer in sorted({depth[name] for name in component}):
        own = [name for name in component if depth[name] == layer]
        wish = {name: [places[e.used][1] for e in edges if e.user == name] for name in own}
        own.sort(key=lambda name: fmean(wish[name]) if wish[name] else top)
        middle = fmean(y for name in own for y in wish[name]) if any(wish.values()) else top
        y = max(top, middle - STEP * (len(own) - 1) / 2)
        for name in own:
            places[name] = columns[layer], y
            y += STEP
        bottom = max(bottom, y)
    return bottom


def line(e: Edge, boxes: Mapping[str, Box], places: Places) -> Markup:
    """An edge, from the right of what is used, straight past its column, to the left of its user."""
    (x, y), (to, at) = places[e.used], places[e.user]
    past = max(left + boxes[name].width for name, (left, _) in places.items() if left == x)
    x, y, at = x + boxes[e.used].width, y + HEIGHT / 2, at + HEIGHT / 2
    bend = (to - past) / 2
    width = min(1 + e.count / 8, 6)
    told = f"{boxes[e.user].label} {e.how} {boxes[e.used].label}" + (f" ({e.count})" if e.count > 1 else "")
    path = f"M{x:.0f} {y:.1f}H{past:.0f}C{past + bend:.0f} {y:.1f} {to - bend:.0f} {at:.1f} {to:.0f} {at:.1f}"
    return Markup('<path class="{}" d="{}" stroke-width="{:.1f}"><title>{}</title></path>').format(
        "edge " + e.how.split(" ")[0], path, width, told
    )


def box(b: Box, x: float, y: float) -> Markup:
    """A node; what leads nowhere is no link."""
    shape = Markup('<rect class="{}" x="{:.0f}" y="{:.1f}" width="{:.0f}" height="{:.0f}" rx="4"/>').format(
        b.kind, x, y, b.width, HEIGHT
    )
    label = Markup('<text x="{:.0f}" y="{:.1f}" textLength="{:.0f}" lengthAdjust="spacingAndGlyphs">{}</text>').format(
        x + PAD, y + HEIGHT / 2 + 4, b.width - 2 * PAD, b.label
    )
    tip = Markup("<title>{}</title>").format(b.tip) if b.tip else Markup("")
    if not b.link:
        return Markup("<g>{}{}{}</g>").format(tip, shape, label)
    return Markup('<a href="{}">{}{}{}</a>').format(escape(b.link), tip, shape, label)
