"""Where words stand: in recorded names, in sources, and in what reports say, on the clocks of the question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, select, text

from archive.errors import DatabaseError, UsageError
from archive.log.direct import fetch
from archive.log.entries import Entry, Head, entries_at
from archive.log.tables import entries
from archive.projections.free_text import subject_of, texts_of
from archive.projections.search_index import CHUNK_BITS, POSITION, REACH, behind, hit
from archive.projections.tables import mentions, reports, spans
from archive.projections.words import Phrase, looked_for, phrases
from archive.queries.asked import recorded
from archive.queries.excerpts import Fields
from archive.queries.kept_texts import KeptTexts
from archive.queries.question import Question, chunks
from archive.queries.reports import Reports, Told
from archive.queries.snapshot import unknown_organisation
from archive.queries.standing import bounds
from events import BASES
from events.later import Later, Merged, Redacted

LONGEST = 1_000
"""Code points of a question."""

MOST = 32
"""Words and phrases of a question."""

MATCHING = {
    "sqlite": "SELECT rowid >> {bits} AS hit FROM {table} WHERE {table} MATCH :phrase_{place}",
    "postgresql": "SELECT id >> {bits} AS hit FROM {table} WHERE lexemes @@ CAST(:phrase_{place} AS tsquery)",
}


@cache
def _hits(database: str, table: str, phrases: int) -> TextClause:
    """The numbers of what has every phrase. A hit may stand in several rows, and each phrase in another of them."""
    matching = MATCHING[database]
    each = (matching.format(table=table, bits=CHUNK_BITS, place=place) for place in range(phrases))
    return text(" INTERSECT ".join(each))


def search(
    connection: Connection,
    words: str,
    *,
    head: Head,
    organisation: str | None = None,
    limit: int | None = None,
    as_reported: str | None = None,
    as_recorded: str | None = None,
) -> dict[str, Any]:
    """The hits as JSON values: names first, then sources, then reports, each in the order of the log; kept texts.

    `total` counts all of them, whatever `limit` shows. A hit has the words as they were appended; `stands` is whether
    its entry counts at the question's clocks, `later` lists what was said of it. Opinions and rumours are found too.
    UsageError where nothing can be looked for, UnknownOrganisation, DatabaseError where the index is behind the log.
    """
    asked = _asked(words)
    if lacking := behind(connection):
        raise DatabaseError(lacking, hint="make it anew with: archive init")
    question = Question(as_reported, recorded(connection, head, as_recorded), BASES[-1])
    own, sources = (None, None) if organisation is None else _own(connection, question, organisation)
    size = question.recorded.size
    found = [one for one in _matching(connection, "entry_words", asked) if one & POSITION <= size]
    if own is not None:
        found = [one for one in found if one & POSITION in own]
    if as_reported is not None:
        public = _public(connection, question, {one & POSITION for one in found})
        found = [one for one in found if one & POSITION in public]
    in_texts = _matching(connection, "text_words", asked)
    kept = KeptTexts(connection, question, [one & POSITION for one in in_texts])
    known = kept.of(sources)
    found += [one for one in in_texts if one & POSITION in known]

    def fields(number: int, entry: Entry | None) -> Fields:
        return kept.fields(number, asked) if entry is None else _fields(entry, asked)

    if any(len(phrase) > REACH for phrase in asked):
        whole = [(one, *hit(one)) for one in found]
        read = {one.position: one for one in entries_at(connection, [at for _, kind, at in whole if kind != "text"])}
        found = [one for one, kind, at in whole if fields(at, None if kind == "text" else read[at]).has_all()]
    shown = [hit(one) for one in (found if limit is None else found[:limit])]
    told = Reports(connection, question).of([number for kind, number in shown if kind != "text"], fallen=True)
    hits = []
    for kind, number in shown:
        where = fields(number, None if kind == "text" else told[number].entry)
        if not where.has_all():
            raise DatabaseError(
                f"the index of words says of {kind} {number} what it does not have",
                hint="restore the archive from a copy, or append the log to a new one",
            )
        hits.append(kept.shown(number, where) if kind == "text" else _shown(kind, told[number], where))
    return {
        "words": words,
        "organisation": organisation,
        **{name: value for name, value in question.header().items() if name != "basis"},
        "total": len(found),
        "limit": limit,
        "hits": hits,
    }


def _asked(words: str) -> list[Phrase]:
    try:
        words.encode()
    except UnicodeEncodeError:
        raise UsageError("the words are no Unicode text", hint="say them in UTF-8") from None
    if len(words) > LONGEST:
        raise UsageError(f"{len(words)} characters are too many to look for", hint=f"say at most {LONGEST}")
    asked = phrases(words)
    if not asked:
        raise UsageError(
            "there is nothing to look for: no letter, digit, currency sign or emoji",
            hint="say words, or a phrase in double quotes: archive search '\"chief executive\" resigned'",
        )
    if len(asked) > MOST:
        raise UsageError(f"{len(asked)} words are too many to look for at once", hint=f"say at most {MOST}")
    return asked


def _matching(connection: Connection, table: str, asked: Sequence[Phrase]) -> list[int]:
    """The hits that have every phrase, or of a long one its beginning, by their numbers, in order."""
    form = _fts5 if connection.dialect.name == "sqlite" else _tsquery
    given = {f"phrase_{place}": form(*_beginning(phrase)) for place, phrase in enumerate(asked)}
    rows = fetch(connection, _hits(connection.dialect.name, table, len(asked)), **given)
    return sorted({number for (number,) in rows})


def _beginning(phrase: Phrase) -> tuple[list[str], bool]:
    lexemes, prefix = looked_for(phrase)
    return lexemes[:REACH], prefix and len(lexemes) <= REACH


def _fts5(lexemes: Iterable[str], prefix: bool) -> str:
    return f'"{" ".join(lexemes)}"{" *" if prefix else ""}'


def _tsquery(lexemes: Iterable[str], prefix: bool) -> str:
    return f"{' <-> '.join(lexemes)}{':*' if prefix else ''}"


def _public(connection: Connection, question: Question, positions: Collection[int]) -> set[int]:
    """Those first public by the report time asked for, as known at the record time."""
    row, instant = reports.c, question.recorded.instant
    since: dict[int, list[tuple[bool, str]]] = {}
    for some in chunks(positions):
        wanted = select(row.position, row.reported_from, row.recorded_to).where(
            row.position.in_(some), row.recorded_from <= instant
        )
        for position, reported, ended in connection.execute(wanted):
            since.setdefault(position, []).append((ended is None or ended > instant, reported))
    asked = question.as_reported or ""
    # Of what no longer stands at all, what was last known of it counts.
    return {
        position
        for position, known in since.items()
        if min(reported for current, reported in known if current or not any(one for one, _ in known)) <= asked
    }


def _own(connection: Connection, question: Question, organisation: str) -> tuple[set[int], set[str]]:
    """The entries of an organisation, of those merged into it, and of the sources that its reports name; and these."""
    row, sees = spans.c, replace(question, basis=BASES[-2]).sees(spans)  # an opinion makes no span
    there = select(row.id).where(row.organisation == organisation, row.model == "organisations", sees)
    if connection.execute(there.limit(1)).first() is None:
        raise unknown_organisation(connection, sees, organisation)
    streams = [f"organisation/{one}" for one in sorted(_one_with(connection, question, organisation))]
    position, size = entries.c.position, question.recorded.size
    theirs = select(position).where(entries.c.stream.in_(streams), position <= size)
    own = set(connection.execute(theirs).scalars())
    cited = select(reports.c.source).where(reports.c.position.in_(theirs), reports.c.source.is_not(None))
    sources = set(connection.execute(cited.distinct()).scalars())
    for some in chunks(f"source/{one}" for one in sources):
        registered = mentions.c.kind == "registration", mentions.c.id.in_(some)
        own.update(connection.execute(select(mentions.c.position).where(*registered)).scalars())
    return own, sources


def _one_with(connection: Connection, question: Question, organisation: str) -> set[str]:
    """The organisation and those whose ids were given up for it, as known at the record time."""
    merged = select(mentions.c.position).where(mentions.c.kind == "merged")
    told = Reports(connection, question).of(set(connection.execute(merged).scalars()))
    into = {
        one.event.organisation: one.event.into_organisation for one in told.values() if isinstance(one.event, Merged)
    }
    ids = {organisation}
    while more := {old for old, new in into.items() if old is not None and new in ids} - ids:
        ids |= more
    return ids


def _fields(entry: Entry, asked: Sequence[Phrase]) -> Fields:
    event = entry.event
    return Fields([] if event is None else texts_of(event), asked)


def _shown(kind: str, told: Told, fields: Fields) -> dict[str, Any]:
    """A hit: what it is, on whose word, how it stands, and the words in what surrounds them."""
    event = told.entry.event
    when = None if told.event is None else told.event.occurred
    timing = None if when is None else {"text": when.text, **(bounds(when.earliest, when.latest) or {})}
    return {
        "kind": kind,
        **{name: value for name, value in told.brief().items() if name != "summary"},
        "subject": None if event is None else subject_of(event),
        "target": event.target if isinstance(event, (Later, Redacted)) else None,
        "organisation": told.row["organisation"] or None,
        "when": timing,
        "access": told.row["access"],
        "reported": told.row["reported_from"],
        "recorded": told.entry.recorded_at,
        "later": [{"position": one.position, "type": one.row["type"]} for one in told.later],
        "excerpts": fields.excerpts(),
    }
