"""Templates: pages and files that are filled in. What is filled into a page is escaped, whatever it is.

Main results
    filled      a template with its values
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Everything that is no file of Python or Markdown is escaped as HTML."""
    return Environment(
        loader=PackageLoader("proofs", "templates"),
        autoescape=lambda name: not str(name).endswith((".py.jinja", ".md.jinja")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def filled(template: str, **values: Any) -> str:
    """A template with its values; a name that has none is an error."""
    return environment().get_template(template).render(values)
