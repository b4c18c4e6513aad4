"""The parts of one organisation's snapshot, from its rows by model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.queries.standing import Certainty, Span, existence, office_status, standing

Models = Mapping[str, list[Span]]
Names = Mapping[tuple[str, str], str]
"""Names shown, by (`people` or `organisations`, id)."""


def organisation(
    name: str, models: Models, at: str, names: Names, redacted: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """One organisation as DESIGN section 7 has it, with `affiliations` and `subsidiaries` beside."""
    shown = max(models["organisations"], key=lambda span: (span.from_latest or "", span.value or ""))
    return {
        "id": name,
        "name": shown.value,
        "exists": existence(models.get("existence", []), at),
        "offices": _offices(models, at, names),
        "employees": [_employee(*found, names) for found in _of(models, "employees", at)],
        "announced": [_announced(*found, at, names) for found in _of(models, "announced", at)],
        "attributes": [_attribute(*found) for found in _by_item(models, "attributes", at)],
        "matters": [_matter(*found) for found in _by_item(models, "matters", at)],
        "letters": [_letter(*found, models, at, names) for found in _by_item(models, "letters", at)],
        "investors": [_investor(*found, names) for found in _of(models, "investors", at)],
        "affiliations": [_employee(*found, names) for found in _of(models, "affiliations", at)],
        "subsidiaries": [_part(*found, names) for found in _of(models, "subsidiaries", at)],
        "redacted": list(redacted),
    }


def _of(models: Models, model: str, at: str) -> list[tuple[Span, Certainty]]:
    return standing(models.get(model, []), at)


def _by_item(models: Models, model: str, at: str) -> list[tuple[Span, Certainty]]:
    return sorted(_of(models, model, at), key=lambda found: found[0].item)


def _offices(models: Models, at: str, names: Names) -> list[dict[str, Any]]:
    """Every office registered, with its holders: certain ones first."""
    registered: dict[str, Span] = {}
    for span in sorted(models.get("offices", []), key=lambda span: (span.from_latest or "", span.value or "")):
        registered[span.item] = span
    tenures: dict[str, list[Span]] = {office: [] for office in registered}
    for span in models.get("tenures", []):
        tenures.setdefault(span.item, []).append(span)
    return [
        {
            "id": office,
            "title": registered[office].value if office in registered else None,
            "seats": registered[office].details.get("seats") if office in registered else None,
            "status": office_status(tenures[office], at),
            "holders": [
                _holder(span, certainty, names, capacity=span.value)
                for span, certainty in standing(tenures[office], at)
            ],
        }
        for office in sorted(tenures)
    ]


def _holder(span: Span, certainty: Certainty, names: Names, *, capacity: str | None = None) -> dict[str, Any]:
    """The keys of a holder; `person` is the id of whoever holds, the name itself where none is registered."""
    name = names.get(("people", span.holder)) or names.get(("organisations", span.holder)) or span.holder
    return {"person": span.holder, "name": name, "capacity": capacity, **span.timing(certainty)}


def _employee(span: Span, certainty: Certainty, names: Names) -> dict[str, Any]:
    return {**_holder(span, certainty, names), "role": span.value}


def _announced(span: Span, certainty: Certainty, at: str, names: Names) -> dict[str, Any]:
    """Somebody announced for an office, or (`office` null) as an employee; a candidate too."""
    promised = span.details.get("promised")
    due = (promised or {}).get("latest")
    in_office = bool(span.item)
    return {
        **_holder(span, certainty, names, capacity=span.value if in_office else None),
        "status": span.details.get("status", "announced"),
        "office": span.item or None,
        "role": None if in_office else span.value,
        "announced_by": span.details.get("announced_by"),
        "promised": promised,
        "overdue": due is not None and due < at,
    }


def _investor(span: Span, certainty: Certainty, names: Names) -> dict[str, Any]:
    return {
        **_holder(span, certainty, names),
        "organisation": span.holder if ("organisations", span.holder) in names else None,
        "investment": span.item or None,
        "amount": span.value,
        "currency": span.details.get("currency"),
        "share": span.details.get("share"),
    }


def _part(span: Span, certainty: Certainty, names: Names) -> dict[str, Any]:
    registered = ("organisations", span.holder) in names
    name = names["organisations", span.holder] if registered else span.holder
    return {"id": span.holder if registered else None, "name": name, **span.timing(certainty)}


def _attribute(span: Span, certainty: Certainty) -> dict[str, Any]:
    return {"id": span.item, "value": span.value, "unit": span.details.get("unit"), **span.timing(certainty)}


def _matter(span: Span, certainty: Certainty) -> dict[str, Any]:
    """A matter; what came of it is told only of one that is closed."""
    return {
        "id": span.item,
        "status": span.value,
        "kind": span.details.get("kind"),
        "title": span.details.get("title"),
        "outcome": span.details.get("outcome") if span.value == "closed" else None,
        **span.timing(certainty),
    }


def _letter(span: Span, certainty: Certainty, models: Models, at: str, names: Names) -> dict[str, Any]:
    """An open letter with its count at that instant; of two possible counts `signed` is the earlier one.

    `signed_certainty` says whether that many had certainly signed or possibly, None without a count.
    """
    counts = [
        {"signed": int(count.value or 0), "of": count.details.get("of"), **count.timing(sure)}
        for count, sure in _of(models, "counts", at)
        if count.item == span.item
    ]
    return {
        "id": span.item,
        "status": span.value,
        "outcome": span.details.get("outcome") if span.value == "closed" else None,
        "signed": counts[0]["signed"] if counts else None,
        "of": counts[0]["of"] if counts else None,
        "signed_certainty": counts[0]["certainty"] if counts else None,
        **span.timing(certainty),
        "counts": counts,
        "signatories": [
            _holder(signature, sure, names)
            for signature, sure in _of(models, "signatures", at)
            if signature.item == span.item
        ],
    }
