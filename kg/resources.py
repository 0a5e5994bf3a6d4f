"""Where the queries and the page templates lie: beside the package in a checkout, inside it in an installed wheel."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def folder(name: str) -> Path:
    """Return the folder ``cypher`` or ``viz``. Raises FileNotFoundError when the installation is incomplete."""
    package = Path(__file__).parent
    for place in (package / name, package.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {name} is missing from the installation at {package}")


@cache
def text(folder_name: str, *parts: str) -> str:
    """Return the text of a file in ``cypher`` or ``viz``."""
    return folder(folder_name).joinpath(*parts).read_text(encoding="utf-8")


def render(template: str, **values: Any) -> str:
    """Return a page made from a template in ``viz/``, its values escaped; ``kg.css`` is given to it as `css`."""
    return str(environment().get_template(template).render(css=text("viz", "kg.css"), **values))


@cache
def environment() -> "Environment":
    """Return what makes pages from the templates of ``viz/``, values escaped."""
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(folder("viz")), autoescape=True)
