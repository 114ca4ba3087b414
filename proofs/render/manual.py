"""The manual that stands in the report: chapters in Markdown, and what docstrings say.

A module is read, not imported: its docstring, and those of its public functions and classes.

Main results
    chapters     address, title and text of every chapter, in their order
    markdown     a text in Markdown as HTML, in which nothing else is markup
    docstring    a docstring of numpydoc as HTML
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

import numerics
import proofs
from proofs.render.templates import filled

WRITTEN = ("guide", "verdicts")
"""The chapters that are written, in this order."""
CONTRIBUTING = Path(proofs.__path__[0]).parent / "CONTRIBUTING.md"
"""A chapter where the sources lie: it speaks to who changes them."""
PACKAGES = (
    "proofs",
    "proofs.kernel",
    "proofs.tactics",
    "proofs.methods",
    "proofs.algebra",
    "proofs.topology",
    "numerics",
    "numerics.training",
)
"""What the reference tells of."""
SECTION = re.compile(r"(?P<name>[A-Z]\w+)\n-{3,}$", re.MULTILINE)
MAKES_A_RULE = ("rule", "fact")
PROOF = "Proof. "
"""What the paragraph begins with that proves a rule."""


class ManualPage(NamedTuple):
    """A page of the manual."""

    address: str
    title: str
    text: Markup


class Told(NamedTuple):
    """A function or class: its name with its arguments, its docstring, and the decorators that it has."""

    name: str
    heading: str
    text: str
    decorators: tuple[str, ...]


def chapters() -> list[ManualPage]:
    """Every chapter, in their order."""
    found = [written(name, files("proofs").joinpath(f"docs/{name}.md").read_text(encoding="utf-8")) for name in WRITTEN]
    found.append(ManualPage("docs/kernel.html", "The rules of the kernel, with their proofs", rules()))
    if CONTRIBUTING.is_file():
        found.append(written("contributing", CONTRIBUTING.read_text(encoding="utf-8")))
    found.append(ManualPage("docs/commands.html", "The commands", commands()))
    for package in PACKAGES:
        found.append(ManualPage(f"docs/{package}.html", f"Reference: {package}", reference(package)))
    return found


def written(name: str, text: str) -> ManualPage:
    """A chapter in Markdown, whose first line is its title."""
    return ManualPage(f"docs/{name}.html", text.splitlines()[0].lstrip("# "), markdown(text))


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(text: str) -> Markup:
    """A text in Markdown as HTML, in which nothing else is markup.

    Examples
    --------
    >>> print(markdown("# A <b>\\n\\n`x`"))
    <h1>A &lt;b&gt;</h1>
    <p><code>x</code></p>
    <BLANKLINE>
    """
    return Markup(parser().render(text).replace("<pre>", '<pre tabindex="0">'))


# -- from docstrings -------------------------------------------------------------------------------


def rules() -> Markup:
    """Every rule of the kernel by file, its lemma and why it holds; facts of the literature among them."""
    parts, makers = [], makers_of_rules()
    for path in modules("proofs.kernel"):
        found = [(t, next(makers[d] for d in t.decorators if d in makers)) for t in told(path) if makes(t, makers)]
        if found:
            parts.append((path.stem, opening(path), found))
    return Markup(filled("site/rules.html.jinja", parts=parts, docstring=docstring))


def makes(t: Told, makers: dict[str, str]) -> bool:
    return not makers.keys().isdisjoint(t.decorators)


def makers_of_rules() -> dict[str, str]:
    """The decorators that make the kernel's rules, with the fact of the literature that these take, if they do."""
    found = dict.fromkeys(MAKES_A_RULE, "")
    for node in (node for path in modules("proofs.kernel") for node in tree(path).body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="fact"), args=[fact, *_])):
                found[name] = str(ast.literal_eval(fact))
    return found


def reference(package: str) -> Markup:
    """The modules of a package with their public functions and classes."""
    parts = [(path.stem, opening(path), list(told(path))) for path in modules(package) if path.stem != "__main__"]
    return Markup(filled("site/reference.html.jinja", package=package, parts=parts, docstring=docstring))


def commands() -> Markup:
    """Every command with its arguments and options."""
    import typer

    from proofs.cli import COMMANDS, app

    group: Any = typer.main.get_command(app)
    found = [(name, group.get_command(None, name)) for name in COMMANDS]
    return Markup(filled("site/commands.html.jinja", commands=found, described=described, cleandoc=inspect.cleandoc))


def described(parameter: Any) -> tuple[str, str]:
    """A parameter of a command, and what it is for."""
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    is_option = names.startswith("-")
    return names if is_option else names.upper(), getattr(parameter, "help", "") or ""


def modules(package: str) -> list[Path]:
    """The files of a package, without those of packages in it."""
    top, *rest = package.split(".")
    folder = Path({"proofs": proofs, "numerics": numerics}[top].__path__[0]).joinpath(*rest)
    return sorted(path for path in folder.glob("*.py") if path.stem != "__init__" or rest == [])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def opening(path: Path) -> str:
    """The docstring of a module."""
    return ast.get_docstring(tree(path)) or ""


def told(path: Path) -> Iterator[Told]:
    """The public functions and classes of a module that have a docstring."""
    for node in tree(path).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if text := ast.get_docstring(node):
            yield Told(node.name, heading(node), text, tuple(map(name_of, node.decorator_list)))


def heading(node: ast.FunctionDef | ast.ClassDef) -> str:
    """A name with its arguments."""
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    result = f" → {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({ast.unparse(node.args)}){result}"


def name_of(decorator: ast.expr) -> str:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return call.id if isinstance(call, ast.Name) else ""


def docstring(text: str) -> Markup:
    """A docstring of numpydoc as HTML: paragraphs, lists of parameters, examples as they are.

    Examples
    --------
    >>> print(docstring("Adds.\\n\\nParameters\\n----------\\na, b\\n    Numbers."))
    <p>Adds.</p><p><b>Parameters</b></p><dl><dt>a, b</dt><dd>Numbers.</dd></dl>
    """
    pieces = SECTION.split(text)
    out = prose(pieces[0])
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        out += Markup("<p><b>{}</b></p>").format(name) + section(name, body)
    return out


def section(name: str, body: str) -> Markup:
    if name == "Examples":
        return Markup('<pre tabindex="0"><code>{}</code></pre>').format(body.strip("\n"))
    lines = body.strip("\n").splitlines()
    if not any(line.startswith(" ") for line in lines):
        return prose(body)
    out = Markup("")
    for line in lines:
        if line.strip():
            tag = "dd" if line.startswith(" ") else "dt"
            out += Markup(f"<{tag}>{{}}</{tag}>").format(line.strip())
    return Markup("<dl>{}</dl>").format(Markup(out.replace("</dd><dd>", " ")))


def prose(text: str) -> Markup:
    """Paragraphs; what is indented, or an example, stays as it is."""
    out = Markup("")
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        lines = paragraph.splitlines()
        if not paragraph.strip():
            continue
        if any(line.startswith((" ", ">>>", "=")) for line in lines[:2]):
            out += Markup('<pre tabindex="0">{}</pre>').format(paragraph)
        else:
            out += Markup("<p>{}</p>").format(folded(lines))
    return out


def folded(lines: Sequence[str]) -> Markup:
    """The lines of a paragraph as one, its code without quotes; that it is a proof stands out.

    Examples
    --------
    >>> print(folded(["Proof. As ``a < b``,", "it holds."]))
    <i>Proof.</i> As a &lt; b, it holds.
    """
    text = escape(re.sub(r"``?([^`]+)``?", r"\1", " ".join(lines)))
    return Markup("<i>Proof.</i> ") + text[len(PROOF) :] if text.startswith(PROOF) else text
