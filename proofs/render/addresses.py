"""Where a page lies in the report: made of ids alone, so that an address stays.

Main results
    address_of            the page of a claim
    address_of_paper      that of a paper
    address_of_picture    the kept picture of a figure
"""

from __future__ import annotations


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
