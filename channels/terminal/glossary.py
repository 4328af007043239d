"""`stagecraft glossary`: term lists taken in, what contradicts in them, and the terms there are."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from channels.terminal.door import Door, steward_of
from channels.terminal.glossary_decided import accept, merge, offers, refuse

if TYPE_CHECKING:
    from knowledge.terms.lists import TermStatus

_JSON_HELP = "Print JSON and nothing else on standard output."


@click.group(short_help="Take term lists in and settle what contradicts.")
def glossary() -> None:
    """Keep the organisation's terms: take lists in, see what contradicts, and decide.

    \b
    A steward's day:
      stagecraft glossary import terms.xlsx --dry-run     see what it would bring
      stagecraft glossary import terms.xlsx
      stagecraft glossary report                          what is to be settled
      stagecraft glossary accept "Foreign exchange"
      stagecraft glossary merge Forex "Foreign exchange"
      stagecraft glossary offers                          nouns that answers used

    `stagecraft term WORD` looks a word up. A server that runs beside it follows within five seconds.
    """


@glossary.command("import", short_help="Take a list of terms in.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--column", "-c", "columns", multiple=True, metavar="FIELD=HEADING", help="Which column holds a field; may be repeated."
)
@click.option("--sheet", help="The sheet of an XLSX file; by default the first.")
@click.option("--pack", default="", help="The name to keep the list under; by default that of the file.")
@click.option(
    "--status",
    type=click.Choice(["approved", "draft"]),
    default="approved",
    show_default=True,
    help="The status of terms that name none.",
)
@click.option("--dry-run", is_flag=True, help="Report only, write nothing.")
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
@click.pass_context
def import_list(
    context: click.Context,
    file: Path,
    columns: tuple[str, ...],
    sheet: str | None,
    pack: str,
    status: "TermStatus",
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take FILE in: a list of terms as YAML, CSV or XLSX.

    Columns are known by common headings in English and Chinese (English, 中文名称, Definition, 别名, Forbidden, 状态, …); say
    what is not recognised by `--column en="Preferred name"`. FIELD is one of id, name, en, zh, definition, definition_en,
    definition_zh, aliases, forbidden (these two also with _en or _zh), kind, context, owner, status. Several aliases stand in
    one cell, parted by ; or | or a line break.

    The list takes the place of what was taken in under the same name before; what was decided about its terms holds. Terms
    that contradict each other, or terms that are there already, are taken in as drafts, which are not used until they are
    settled, and are reported.

    Exit code 1 where rows were left out; the others are taken in.
    """
    from channels.people import LOCAL_ANALYST
    from channels.terminal.glossary_told import imported_json, imported_text

    door: Door = context.obj
    mapping = _mapping(columns)
    imported = door.run(
        lambda house: steward_of(house).import_terms(
            file, person=LOCAL_ANALYST, pack=pack, mapping=mapping, sheet=sheet, status=status, dry_run=dry_run
        )
    )
    language = door.language_of_answers() or "en"
    click.echo(imported_json(imported, dry_run=dry_run) if as_json else imported_text(imported, language, dry_run=dry_run))
    context.exit(1 if any(finding.kind in ("no-name", "too-long") for finding in imported.findings) else 0)


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    """Read FIELD=HEADING. Raises UsageError."""
    mapping = {}
    for column in columns:
        field, equals, heading = column.partition("=")
        if not (field.strip() and equals and heading.strip()):
            raise click.BadParameter(f"{column!r} is not FIELD=HEADING.", param_hint="--column")
        mapping[field.strip()] = heading.strip()
    return mapping


@glossary.command(short_help="Tell what is to be settled.")
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
@click.pass_obj
def report(door: Door, *, as_json: bool) -> None:
    """Tell what a steward has to settle over all terms, the gravest first, and how.

    One name for several terms, several names for one, the same definition twice, forbidden words that are names; then what
    lacks a name in one language, and kinds that no stage knows. What is settled is not told again.
    """
    from channels.terminal.glossary_told import report_json, report_text

    findings = door.run(lambda house: steward_of(house).report())
    click.echo(report_json(findings) if as_json else report_text(findings, door.language_of_answers() or "en"))


@glossary.command("list", short_help="List the terms.")
@click.option("--status", type=click.Choice(["approved", "draft", "retired"]), help="Of this status only.")
@click.option("--context", help="Of this bounded context only.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list and nothing else on standard output.")
@click.pass_obj
def list_terms(door: Door, status: str | None, context: str | None, *, as_json: bool) -> None:
    """List the terms of all packs as they stand after all decisions, with the name by which a command finds each."""
    from channels.terminal.glossary_told import terms_json, terms_text

    held = door.run(lambda house: steward_of(house).terms(status=status, context=context))
    click.echo(terms_json(held) if as_json else terms_text(held, door.language_of_answers() or "en"))


for _command in (offers, accept, merge, refuse):
    glossary.add_command(_command)
