"""How a file of data is read where its format leaves that open: said once, stored with the source, kept for each
newer version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.intake.faults import Wrong
from archive.intake.kinds import shown

DEFAULTS = {"ends": "exclusive", "undated": "bounds", "tz": "UTC"}
"""What holds of a source of which nothing else was said."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """The settings by which one source is read.

    `ends`: whether an end date is the first day after (`exclusive`) or the last day (`inclusive`)
    `undated`: what the period of a membership without dates says: `bounds` of its change, or its dates (`period`)
    `prefix`: what stands before the ids of the file; `tz`: the zone of its dates; of a spreadsheet `column.FIELD` and
    `constant.FIELD`: where it has a field; `date-format.N` how it writes dates, `open-end.N` and `unknown-date.N` the
    words it writes in their place
    """

    settings: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.settings[name]

    def get(self, name: str) -> str | None:
        """A setting that may not be there."""
        return self.settings.get(name)

    def starting(self, prefix: str) -> dict[str, str]:
        """The settings of one kind, without its name in front."""
        return {name.removeprefix(prefix): said for name, said in self.settings.items() if name.startswith(prefix)}

    def stored(self) -> tuple[str, ...]:
        """The form in which a source keeps them (`read_as`)."""
        return tuple(f"{name}={said}" for name, said in sorted(self.settings.items()))


def settle(source: str, given: Mapping[str, str], stored: Iterable[str] | None) -> Conventions:
    """What holds of a source: what was stored of it, else what is given, else the defaults.

    Raises Wrong where something else is given than was stored: earlier entries were read by that.
    """
    if stored is None:
        return Conventions({**DEFAULTS, "prefix": source, **given})
    kept = dict(one.partition("=")[::2] for one in stored)
    for name, said in given.items():
        if kept.get(name) != said:
            was = f"{name}={kept[name]}" if name in kept else f"without {name}"
            remedy = "leave the option out, or import under another --source"
            raise Wrong(f"{shown(said)} is other than earlier versions were read: {was}", remedy, field=f"--{name}")
    return Conventions(kept)
