"""What is stored and hashed is the same bytes for ever."""

import json
from pathlib import Path

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from archive.log import codec
from archive.log.log import Log
from archive.log.merkle import leaf_hash, root_of
from archive.log.tables import appends, entries
from tests.log.archives import SetClock, golden, noted

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=40)
@given(st.dictionaries(st.text(), JSON))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, object]) -> None:
    """Equal values have equal bytes, and the bytes say the value."""
    backwards = dict(reversed(value.items()))
    assert codec.canonical(value) == codec.canonical(backwards)
    assert orjson.loads(codec.canonical(value)) == value


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.none() | st.text(min_size=1))
def test_what_was_encoded_decodes_to_an_equal_event(summary: str, given_id: str | None) -> None:
    """Encode, then decode, is identity."""
    event = noted(1, summary=summary, id=given_id)
    assert codec.decode("Noted", 1, codec.encode(event)) == event


@given(st.from_regex(r"[A-Z][A-Za-z]{0,20}", fullmatch=True), st.integers(1, 99))
def test_a_topic_names_its_type_and_version(name: str, version: int) -> None:
    """The library's one text stands for our two columns."""
    assert codec.type_of(codec.topic(name, version)) == (name, version)


def test_the_leaves_and_roots_of_the_first_eight_entries_stay_what_they_are(log: Log, clock: SetClock) -> None:
    """Golden bytes, the same on both databases: leaf data, leaf hashes, roots of sizes 1 to 8."""
    for first, last, why in ((1, 1, "the first"), (2, 4, None), (5, 8, "日本語")):
        batch = [noted(number, organisation="acme" if number % 3 else "beta") for number in range(first, last + 1)]
        log.transact(lambda writing, batch=batch: writing.append(batch), who="ann", program="tests", why=why)  # type: ignore[misc]  # bound now
        clock.forward(milliseconds=1)
    with log.reading() as connection:
        joined = select(entries, appends.c.digest.label("append_digest")).join(appends).order_by(entries.c.position)
        rows = connection.execute(joined).all()
        head = log.head(connection)
    data = [
        codec.leaf_data(
            append=row.append_digest,
            payload=row.digest,
            position=row.position,
            recorded_at=row.recorded_at,
            stream=row.stream,
            name=row.type,
            type_version=row.type_version,
            version=row.version,
        )
        for row in rows
    ]
    leaves = [row.leaf for row in rows]
    assert leaves == [leaf_hash(item) for item in data]
    found = {
        "payloads": [row.payload.decode() for row in rows],
        "leaves": [item.decode() for item in data],
        "hashes": [leaf.hex() for leaf in leaves],
        "roots": [root_of(leaves[:size]).hex() for size in range(1, 9)],
    }
    assert head.root == found["roots"][-1]
    assert found == golden(Path(__file__).parent / "golden" / "log.json", found)


def test_a_payload_cannot_be_guessed_from_its_digest_without_the_salt() -> None:
    """Two salts, two digests."""
    payload = json.dumps({"summary": "x"}).encode()
    assert codec.digest(b"a" * 16, payload) != codec.digest(b"b" * 16, payload)
