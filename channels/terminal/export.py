"""`stagecraft export`: an artifact taken away as a file, in one of its notations."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door, assistant_of
from errors import BriefError

if TYPE_CHECKING:
    from chains.changing.workshop import Export


@click.command(short_help="Take an artifact away as a file.")
@click.argument("artifact")
@click.option("--as", "notation", required=True, metavar="NOTATION", help="Such as md, json, feature or zip; see `stages`.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to this file.")
@click.pass_obj
def export(door: Door, artifact: str, notation: str, output: Path | None) -> None:
    """Write ARTIFACT, by its id, in a NOTATION: to a file, or to standard output without --output.

    \b
    stagecraft export ARTIFACT --as feature --output freeze.feature
    stagecraft export ARTIFACT --as md | less
    """
    from channels.people import LOCAL_ANALYST

    taken = door.run(lambda house: assistant_of(house).export(artifact, LOCAL_ANALYST, notation))
    if output is not None:
        _write(taken, output)
    elif not taken.mime.startswith(("text/", "application/json")) and sys.stdout.isatty():
        raise BriefError(
            f"{taken.name} is no text. Name a file with --output, such as --output {artifact}.{notation}.",
            f"{taken.name} 不是文本文件。请用 --output 指定文件，例如 --output {artifact}.{notation}。",
        )
    else:
        sys.stdout.buffer.write(taken.content)


def _write(taken: "Export", output: Path) -> None:
    """Write the file. Raises BriefError where it cannot be written."""
    try:
        output.write_bytes(taken.content)
    except OSError as error:
        raise BriefError(
            f"{output} cannot be written: {error.strerror}. Name another file.",
            f"无法写入 {output}：{error.strerror}。请指定其他文件。",
        ) from error
    click.echo(f"{output}: {len(taken.content):,} bytes", err=True)
