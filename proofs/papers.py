"""Papers: packages of claims. Those of this project come through the same door as anybody's.

A paper is installed, its package named by an entry point of the group ``lae.papers``, or it is a folder that is named
where an id is wanted. Its ``__init__.py`` opens with its title, and ``__all__`` names its sections in their order.

Main results
    Paper          a name, a package, and the folder that it lies in
    papers         all that are known, as a bibliography orders them
    opened         the paper in a folder
    asked          ids as they are typed, folders among them → ids, and the claims that they are looked for in
    told           what went wrong in somebody's module: file, line, and the letters there
"""

from __future__ import annotations

import ast
import importlib
import keyword
import sys
import tomllib
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from linecache import getline
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofs.claim import Claim

GROUP = "lae.papers"
PROJECT = Path(__file__).parents[1] / "pyproject.toml"
"""What names the entry points of a folder of sources that is not installed."""


class PaperError(ValueError):
    """A paper that cannot be read: one line that says where."""


@dataclass(frozen=True)
class Paper:
    """A package of claims.

    Attributes
    ----------
    name
        What the ids of its claims begin with.
    package
        The package, as Python imports it.
    folder
        Where it lies, if Python's path does not lead there.
    """

    name: str
    package: str
    folder: str = ""

    @cached_property
    def home(self) -> Path:
        """The folder of the package."""
        if self.folder:
            return Path(self.folder)
        try:
            spec = find_spec(self.package)
        except Exception as problem:
            raise PaperError(f"paper {self.name}: {told(problem)}") from problem
        if spec is None or not spec.origin:
            raise PaperError(f"paper {self.name}: there is no package {self.package}")
        return Path(spec.origin).parent

    @cached_property
    def title(self) -> str:
        """The first line of the package; it is not imported for it."""
        try:
            first = ast.get_docstring(ast.parse((self.home / "__init__.py").read_text(encoding="utf-8")))
        except (OSError, SyntaxError, ValueError):  # what reads its sections says so
            first = None
        return (first or self.name).strip().splitlines()[0]

    @property
    def record(self) -> Path:
        """The file of the verdicts that were recorded last, at the top of the package that the paper is part of."""
        depth = 0 if self.folder else self.package.count(".")
        return [self.home, *self.home.parents][depth] / "verdicts.json"

    def sections(self) -> list[str]:
        """Its modules in their order, imported.

        Raises
        ------
        PaperError
            Naming file and line of what is wrong in them.
        """
        try:
            names = getattr(self._import(), "__all__", None)
            if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
                raise self._wrong("want __all__, a list of the names of the sections in their order")
            if not names:
                raise self._wrong('__all__ names no section; want a list such as ["section_1"]')
            modules = [f"{self.package}.{name}" for name in names]
            for name, module in zip(names, modules, strict=True):
                if find_spec(module) is None:
                    raise self._wrong(f"__all__ names {name!r}, and there is no module {name}.py")
            for module in modules:
                importlib.import_module(module)
        except PaperError:
            raise
        except (Exception, SystemExit) as problem:
            raise PaperError(told(problem, self.home)) from problem
        return modules

    def _wrong(self, what: str) -> PaperError:
        """Something is wrong in the package itself."""
        return PaperError(f"{shown(self.home / '__init__.py')}: {what}")

    def _import(self) -> ModuleType:
        if not self.folder or self.package in sys.modules:
            return importlib.import_module(self.package)
        spec = spec_from_file_location(
            self.package, self.home / "__init__.py", submodule_search_locations=[str(self.home)]
        )
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[self.package] = module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[self.package]
            raise
        return module


_OPENED: dict[str, Paper] = {}


def admit(paper: Paper) -> None:
    """Let a paper that lies in a folder be known, as in a process that is to decide its claims."""
    if paper.folder:
        _OPENED[paper.name] = paper


@cache
def installed() -> dict[str, Paper]:
    """The papers that entry points name, those of these sources first of all."""
    named = {e.name: e.value for e in entry_points(group=GROUP)}
    if PROJECT.is_file():
        project = tomllib.loads(PROJECT.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == "lae":
            named |= project["entry-points"][GROUP]
    return {name: Paper(name, package) for name, package in named.items()}


def papers() -> dict[str, Paper]:
    """Every paper that is known, by name, in the order of a bibliography: by authors."""
    known = [*installed().values(), *_OPENED.values()]
    return {p.name: p for p in sorted(known, key=lambda p: (p.title.casefold(), p.name))}


def loaded() -> dict[str, Path]:
    """The top packages of the papers that were imported, with their folders."""
    return folders(p.package.split(".")[0] for p in papers().values())


def folders(packages: Iterable[str]) -> dict[str, Path]:
    """Of the packages that were imported."""
    found = {name: sys.modules[name].__file__ for name in packages if name in sys.modules}
    return {name: Path(file).parent for name, file in found.items() if file}


def opened(folder: Path) -> Paper:
    """The paper in a folder.

    Raises
    ------
    PaperError
        If its name is no name, or another's.
    """
    home = folder.resolve()
    for paper in (*_OPENED.values(), *installed().values()):
        if paper.home.resolve() == home:
            return paper
    name = free_name(folder)
    _OPENED[name] = Paper(name, name, str(home))
    return _OPENED[name]


def free_name(folder: Path) -> str:
    """The name of a paper that lies, or is to lie, in a folder.

    Raises
    ------
    PaperError
        If it is no name for a package, or another's.
    """
    home = folder.resolve()
    name = home.name
    if not name.isidentifier() or keyword.iskeyword(name):
        raise PaperError(f"{folder}: {name!r} is no name for a package; want letters, digits and _")
    if name in papers():
        raise PaperError(f"{folder}: there is another paper {name}, {papers()[name].home}; want another name")
    module = sys.modules.get(name)
    spec = module.__spec__ if module else find_spec(name)
    if (module or spec) and not (spec and spec.origin and Path(spec.origin).parent.resolve() == home):
        raise PaperError(f"{folder}: Python has another module {name}; want another name")
    return name


def asked(ids: Sequence[str]) -> tuple[list[str], dict[str, Claim]]:
    """Ids as they are typed, folders among them → ids, and the claims that they are looked for in.

    Raises
    ------
    PaperError
        If a paper cannot be read.
    """
    from proofs.claim import registry

    found = [named(typed) for typed in ids]
    known = papers()
    chosen = {id.split("/")[0] for id in found}
    return found, registry([name for name in known if name in chosen] if chosen and chosen <= known.keys() else None)


def named(typed: str) -> str:
    """The id that is meant: a folder of a paper stands for its name, and may be followed by the rest of an id."""
    if ("/" not in typed and typed not in (".", "..")) or typed.split("/")[0] in papers():
        return typed.rstrip("/")
    path = Path(typed)
    for folder in (path, *path.parents):
        if (folder / "__init__.py").is_file():
            rest = path.relative_to(folder).as_posix()
            name = opened(folder).name
            return name if rest == "." else f"{name}/{rest}"
    if path.is_dir():
        raise PaperError(f"{typed} is no paper: it has no __init__.py")
    return typed


# -- what goes wrong in somebody's module ----------------------------------------------------------


def told(problem: BaseException, home: Path | None = None) -> str:
    """An error with its place: the last line of the papers that it went through, and what stands there.

    Parameters
    ----------
    home
        The folder whose lines count; by default those of all papers.
    """
    if isinstance(problem, SyntaxError) and problem.filename:
        column = f", column {problem.offset}" if problem.offset else ""
        return f"{shown(Path(problem.filename))}, line {problem.lineno}{column}: {problem.msg}"
    what = f"{type(problem).__name__}: {problem}"
    homes = [home] if home else list(folders(p.package for p in papers().values()).values())
    if isinstance(problem, SyntaxError) and home:
        what = f"{shown(home)}: {what}"
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [f for f in frames if any(Path(f.filename).is_relative_to(h) for h in homes)]
    if not ours:
        return what
    at = ours[-1]
    one_line = at.lineno is not None and at.lineno == at.end_lineno
    part = getline(at.filename, at.lineno or 0).encode()[at.colno : at.end_colno].decode() if one_line else ""
    return f"{shown(Path(at.filename))}, line {at.lineno}{f', in {part}' if part else ''}: {what}"


def shown(path: Path) -> str:
    """A path as short as it can be written from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
