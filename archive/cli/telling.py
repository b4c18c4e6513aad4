"""A snapshot as text of 80 columns: each fact with its time, its basis and the positions that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive.cli.output import wrapped
from archive.times import show_bounds, show_instant

Item = Mapping[str, Any]


def told(snapshot: Item, tz: str) -> Iterator[str]:
    """Lines, fit to print; every time says its zone."""
    yield from header(snapshot, tz)
    if not snapshot["organisations"]:
        yield "no organisation is registered"
    for organisation in snapshot["organisations"]:
        yield ""
        yield from _organisation(organisation, tz)


def header(snapshot: Item, tz: str) -> Iterator[str]:
    """Lines that say what an answer stands for: its instants, floor and log."""
    yield from wrapped(f"State at {show_instant(snapshot['at'], tz)}", 0)
    floor = snapshot["basis"]
    yield from wrapped(f"on reports of basis {floor}{'' if floor == 'official' else ' or firmer'}", 2)
    if snapshot["as_reported"]:
        yield from wrapped(f"that were public by {show_instant(snapshot['as_reported'], tz)}", 2)
    yield from wrapped(f"as recorded by {show_instant(snapshot['as_recorded'], tz)}", 2)
    log = snapshot["log"]
    yield from wrapped(
        f"in the log of {log['size']} entr{'y' if log['size'] == 1 else 'ies'} with the root {log['root']}", 2
    )


def _organisation(organisation: Item, tz: str) -> Iterator[str]:
    exists = {"certain": "", "possible": ", perhaps", "gone": ", dissolved", "not_yet": ", not yet founded"}
    yield from wrapped(f"{organisation['name']} ({organisation['id']}){exists.get(organisation['exists'], '')}", 0)
    for office in organisation["offices"]:
        yield from wrapped(f"{office['title']} ({office['id']}): {office['status']}", 2)
        for holder in office["holders"]:
            yield from _fact(_holder(holder), holder, tz, 4)
    for name, say in SECTIONS.items():
        if organisation[name]:
            yield f"  {name}"
            for item in organisation[name]:
                yield from _fact(say(item), item, tz, 4)
                for count in item.get("counts", ()):
                    yield from _fact(_count(count), count, tz, 6)
                for signatory in item.get("signatories", ()):
                    yield from _fact(f"signed by {_holder(signatory)}", signatory, tz, 6)
    if organisation["redacted"]:
        yield "  redacted"
        yield from redacted(organisation["redacted"], tz, 4)


def redacted(found: Iterable[Item], tz: str, indent: int) -> Iterator[str]:
    """The entries of which the content was destroyed, a sentence each."""
    for one in found:
        yield from wrapped(
            f"entry {one['position']} {one['type']}, recorded {show_instant(one['recorded'], tz)}, was redacted by"
            f" entry {one['by']}, {show_instant(one['redacted'], tz)}: {one['reason']}",
            indent,
        )


def _fact(said: str, item: Item, tz: str, indent: int) -> Iterator[str]:
    """One fact and when: `possibly` unless it is certain."""
    sure = "" if item["certainty"] == "certain" else "possibly "
    parts = [f"{sure}{said}", *times(item, tz), f"{item['basis']} [{_listed(item['positions'])}]"]
    if item["disputed"]:
        parts.append(f"disputed [{_listed(item['disputed'])}]")
    yield from wrapped("; ".join(parts), indent)


def _listed(positions: Iterable[int]) -> str:
    return ", ".join(map(str, positions))


def times(item: Item, tz: str) -> Iterator[str]:
    """Since when and until when a fact holds, in words; what it does not say is left out."""
    since, until = item["since"], item["until"]
    if since is not None:
        shown = show_bounds(since["earliest"], since["latest"], tz)
        open_ended = since["earliest"] is None
        yield f"since {shown.removeprefix('by ')} or earlier" if open_ended else f"since {shown.removeprefix('since ')}"
    if until is not None:
        shown = show_bounds(until["earliest"], until["latest"], tz)
        yield f"in doubt {shown}" if until["latest"] is None else f"until {shown}"


def _holder(item: Item) -> str:
    name = item["name"] if item["name"] == item["person"] else f"{item['name']} ({item['person']})"
    extra = [item[key] for key in ("capacity", "role") if item.get(key)]
    return ", ".join([name, *extra])


def _announced(item: Item) -> str:
    what = f"{item['status']} for {item['office']}" if item["office"] else f"{item['status']} to join"
    by = f" by {item['announced_by']}" if item["announced_by"] else ""
    promised = f", promised for {item['promised']['text']}" if item["promised"] else ""
    return f"{_holder(item)}, {what}{by}{promised}{', overdue' if item['overdue'] else ''}"


def _attribute(item: Item) -> str:
    return f"{item['id']}: {item['value']}{' ' + item['unit'] if item['unit'] else ''}"


def _matter(item: Item) -> str:
    about = f" ({item['title']})" if item["title"] else ""
    outcome = f", {item['outcome']}" if item["outcome"] else ""
    return f"{item['id']}{about}: {item['status']}{outcome}"


def _letter(item: Item) -> str:
    return f"{item['id']}: {item['status']}{', ' + item['outcome'] if item['outcome'] else ''}"


def _count(item: Item) -> str:
    of = "" if item["of"] is None else f" of {item['of']}"
    return f"signed by {item['signed']}{of}"


def _investor(item: Item) -> str:
    amount = " ".join(part for part in (item["amount"], item["currency"]) if part)
    share = f"share {item['share']}" if item["share"] else ""
    return ", ".join(part for part in (_holder(item), item["investment"], amount, share) if part)


def _subsidiary(item: Item) -> str:
    return f"{item['name']} ({item['id']})" if item["id"] else str(item["name"])


SECTIONS = {
    "employees": _holder,
    "announced": _announced,
    "attributes": _attribute,
    "matters": _matter,
    "letters": _letter,
    "investors": _investor,
    "affiliations": _holder,
    "subsidiaries": _subsidiary,
}
"""The lists of a snapshot after its offices, and how an item of each is said."""


def said(model: str, fact: Item) -> str:
    """A fact of a snapshot in words, whichever read model it is of; its time and basis are left to the caller."""
    say = SECTIONS.get(model) or OTHERS[model]
    return f"{'' if fact.get('certainty', 'certain') == 'certain' else 'possibly '}{say(fact)}"


OTHERS = {
    "organisations": lambda fact: f"{fact['name']}, exists: {fact['exists']}",
    "offices": lambda fact: f"{fact['title']}: {fact['status']}",
    "tenures": _holder,
    "signatures": _holder,
    "counts": _count,
}
"""How the facts are said that stand above the lists of a snapshot, or within an item of one."""
