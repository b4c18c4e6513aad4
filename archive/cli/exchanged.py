"""What `import` and `export` share: in which form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from archive.errors import UsageError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def form_options(**forms: str) -> Decorator:
    """A flag for each form, with its help."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for form, says in reversed(forms.items()):
            function = click.option(f"--{form.replace('_', '-')}", form, is_flag=True, help=says)(function)
        return function

    return decorate


def form_of(flags: dict[str, Any], forms: tuple[str, ...]) -> str:
    """The one form asked for, taken out of the options; UsageError where it is none or several."""
    asked = [form for form in forms if flags.pop(form)]
    listed = " or ".join(f"--{form.replace('_', '-')}" for form in forms)
    if not asked:
        raise UsageError("in which form?", hint=f"say {listed}")
    if len(asked) > 1:
        raise UsageError(f"one form at a time, not {len(asked)}", hint=f"say {listed}")
    return asked[0]


FIELDS = {
    "person": "whose name",
    "person-id": "what tells people of one name apart",
    "organisation": "where",
    "office": "as what",
    "start": "from when",
    "end": "until when",
    "on-behalf-of": "for whom (a party)",
    "area": "for which area",
    "source": "who says so",
    "id": "what tells rows apart in every version of the file",
}
"""What a row of a spreadsheet may say."""

CONSTANTS = ("organisation", "office", "on-behalf-of", "area")
SEVERAL = ("date-format", "open-end", "unknown-date")


def spreadsheet_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Where a spreadsheet has what, and how it writes dates."""
    options = [
        *(
            click.option(f"--{field}-column", metavar="HEAD", help=f"Of a spreadsheet: the column that says {says}.")
            for field, says in FIELDS.items()
        ),
        *(
            click.option(f"--{field}", f"constant_{field.replace('-', '_')}", metavar="TEXT", help="For all rows.")
            for field in CONSTANTS
        ),
        click.option("--date-format", metavar="FORMAT", multiple=True, help="How dates are written, as %d/%m/%y."),
        click.option("--open-end", metavar="TEXT", multiple=True, help="In place of an end: it lasts."),
        click.option("--unknown-date", metavar="TEXT", multiple=True, help="In place of a date: it is not known."),
        click.option("--delimiter", metavar="SIGN", help="Between cells; a comma unless given."),
        click.option("--encoding", metavar="NAME", help="Of a spreadsheet that is not UTF-8."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def spreadsheet_settings(asked: dict[str, Any]) -> dict[str, str]:
    """What was said of a spreadsheet, as settings that its source keeps; taken out of the options."""
    found = {f"column.{field}": asked.pop(f"{field.replace('-', '_')}_column") for field in FIELDS}
    found |= {f"constant.{field}": asked.pop(f"constant_{field.replace('-', '_')}") for field in CONSTANTS}
    for name in SEVERAL:
        found |= {f"{name}.{number}": text for number, text in enumerate(asked.pop(name.replace("-", "_")))}
    delimiter = asked.pop("delimiter")
    found |= {"delimiter": "\t" if delimiter in ("tab", "\\t") else delimiter, "encoding": asked.pop("encoding")}
    return {name: said for name, said in found.items() if said is not None}
