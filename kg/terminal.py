"""Standard output and standard error: who is listening, and what they may be told."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator

import click

from kg.files import write_file
from kg.text import visible


def to_terminal() -> bool:
    """Tell whether standard output is a terminal; it may also be closed."""
    return sys.stdout is not None and sys.stdout.isatty()


def say(text: str) -> None:
    """Print a line on standard error."""
    click.echo(visible(text), err=True)


def write(output: str, parts: Iterable[str]) -> None:
    """Write text to a file, or to standard output."""
    if output != "-":
        write_file(output, parts)
        return
    for part in parts:
        click.echo(visible(part) if to_terminal() else part, nl=False)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far long work is, on a terminal's standard error; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    start, last = time.monotonic(), 0.0

    def show(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < 0.1 and done != total:
            return
        last = now
        rate = done / (now - start) if now > start else 0
        bar = f"{'█' * (20 * done // total):░<20} {100 * done // total:3} %  " if total else ""
        left = f", {(total - done) / rate:.0f} s left" if total and rate and done < total else ""
        click.echo(
            f"\r\x1b[K{what:9} {bar}{f'{done:,}' if done else ''}{f' of {total:,}' if total else ''}{f', {rate:,.0f}/s' if total else ''}{left}",
            err=True,
            nl=False,
        )

    try:
        yield show
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)
