"""Inclusion and consistency proofs: by the vectors of others, by law, and as the database makes them."""

import json
from base64 import b64decode
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select

from archive.errors import DamagedLog
from archive.log import nodes, tables
from archive.log.database import open_engine
from archive.log.log import Log
from archive.log.merkle import EMPTY_ROOT, STEP, Frontier, leaf_hash, root_of
from archive.log.proofs import (
    Leaves,
    consistency_leaves,
    consistent,
    includes,
    inclusion_leaves,
    subtrees,
)
from archive.log.schema import alembic_config, migrate
from archive.log.transactions import read_connection, write_transaction
from archive.log.writing import Writing
from tests.log.archives import noted

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "merkle-vectors"
LEAVES = [leaf_hash(str(number).encode()) for number in range(300)]

sizes = st.integers(1, len(LEAVES))


def roots(ranges: list[Leaves]) -> list[bytes]:
    """The roots over leaves, by the definition."""
    return [root_of(LEAVES[start:end]) for start, end in ranges]


def bits(value: bytes, data: st.DataObject) -> bytes:
    """A value with one bit altered."""
    bit = data.draw(st.integers(0, 8 * len(value) - 1))
    return (int.from_bytes(value) ^ 1 << bit).to_bytes(len(value))


def altered(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    """A proof with one bit altered, with a hash too many, or with one too few."""
    place = data.draw(st.integers(0, len(proof)))
    ways = ["more"] if place == len(proof) else ["bit", "more", "fewer"]
    way = data.draw(st.sampled_from(ways))
    if way == "more":
        return [*proof[:place], data.draw(st.sampled_from(LEAVES)), *proof[place:]]
    return [*proof[:place], *([bits(proof[place], data)] if way == "bit" else []), *proof[place + 1 :]]


def judged(vector: dict[str, Any]) -> bool:
    """Whether a proof of transparency-dev/merkle holds for us."""
    proof = [b64decode(node) for node in vector["proof"] or []]

    def hash_of(name: str) -> bytes:
        return b64decode(vector[name] or "")

    if "leafIdx" in vector:
        return includes(vector["leafIdx"], vector["treeSize"], hash_of("leafHash"), proof, hash_of("root"))
    return consistent(vector["size1"], vector["size2"], proof, hash_of("root1"), hash_of("root2"))


@pytest.mark.skipif(not VECTORS.is_dir(), reason="../shared is not there")
def test_every_vector_of_another_implementation_is_judged_as_it_says() -> None:
    """Good proofs hold and bad ones do not, all 196."""
    vectors = [json.loads(file.read_text()) for file in sorted(VECTORS.rglob("*.json"))]
    assert len(vectors) == 196
    assert sum(not vector["wantErr"] for vector in vectors) == 12
    assert [vector["desc"] for vector in vectors if judged(vector) == vector["wantErr"]] == []


@given(sizes, st.data())
def test_every_inclusion_proof_holds_and_no_altered_one_does(size: int, data: st.DataObject) -> None:
    """For any leaf at any size; with another leaf, root, index or size it fails."""
    index = data.draw(st.integers(0, size - 1))
    proof, root = roots(inclusion_leaves(index, size)), root_of(LEAVES[:size])
    assert includes(index, size, LEAVES[index], proof, root)
    assert not includes(index, size, bits(LEAVES[index], data), proof, root)
    assert not includes(index, size, LEAVES[index], proof, bits(root, data))
    assert not includes(index, size, LEAVES[index], altered(proof, data), root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda other: other != index))
    assert not includes(other, size, LEAVES[index], proof, root)


@given(sizes, st.data())
def test_every_consistency_proof_holds_and_no_altered_one_does(size: int, data: st.DataObject) -> None:
    """Between any two sizes; with another root or old size it fails."""
    old = data.draw(st.integers(1, size))
    proof, old_root, root = roots(consistency_leaves(old, size)), root_of(LEAVES[:old]), root_of(LEAVES[:size])
    assert consistent(old, size, proof, old_root, root)
    assert not consistent(old, size, proof, bits(old_root, data), root)
    assert not consistent(old, size, proof, old_root, bits(root, data))
    assert not consistent(old, size, altered(proof, data), old_root, root)


def test_from_the_empty_tree_nothing_is_proved() -> None:
    """Its proof is empty and holds for no tree."""
    assert consistency_leaves(0, 5) == []
    assert not consistent(0, 5, [], EMPTY_ROOT, root_of(LEAVES[:5]))


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    """It is refused, not made up."""
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_leaves(index, size)
    with pytest.raises(ValueError, match="never had"):
        consistency_leaves(4, 3)


@given(st.integers(0, 1 << 40), st.integers(0, 1 << 40))
def test_leaves_are_covered_by_full_subtrees_without_gap(start: int, length: int) -> None:
    """As they stand under one hash: from a multiple of a power of two no smaller than they are many."""
    start &= -(1 << max(length - 1, 0).bit_length())
    at = start
    for level, number in subtrees((start, start + length)):
        assert number << level == at
        at += 1 << level
    assert at == start + length


@given(st.lists(st.integers(0, 90), max_size=6))
def test_the_frontier_gives_each_stored_node_once_when_its_subtree_is_full(steps: list[int]) -> None:
    """However the leaves are spread over appends."""
    frontier, given = Frontier(), []
    for step in steps:
        frontier = Frontier(frontier.size, bytes(frontier))
        given += frontier.extend((LEAVES * 2)[frontier.size : frontier.size + step])
    due = [
        (level, number, root_of((LEAVES * 2)[number << level : number + 1 << level]))
        for level in (STEP, 2 * STEP)
        for number in range(frontier.size >> level)
    ]
    assert sorted(given) == due


@pytest.fixture
def long_log(log: Log) -> Log:
    """A log of 300 entries, of appends of several sizes."""
    for first, last in ((1, 7), (8, 8), (9, 270), (271, 300)):
        events = [noted(number) for number in range(first, last + 1)]
        log.transact(partial(Writing.append, events=events), who="ann", program="tests")
    return log


def test_the_database_gives_the_proofs_of_the_definition_at_every_size(long_log: Log) -> None:
    """From its leaves and stored nodes, old sizes too."""
    with long_log.reading() as connection:
        leaves = list(connection.execute(select(tables.entries.c.leaf).order_by(tables.entries.c.position)).scalars())
        assert nodes.root_at(connection, 0) == EMPTY_ROOT
        for size in (1, 2, 15, 16, 17, 31, 255, 256, 257, 299, 300):
            assert nodes.root_at(connection, size) == root_of(leaves[:size])
            for index in {0, 1, size // 2, size - 1} & set(range(size)):
                proof = nodes.inclusion_proof(connection, index, size)
                assert includes(index, size, leaves[index], proof, root_of(leaves[:size]))
                old = nodes.consistency_proof(connection, index + 1, size)
                assert consistent(index + 1, size, old, root_of(leaves[: index + 1]), root_of(leaves[:size]))


def test_a_stored_node_that_is_gone_is_named(long_log: Log, engine: Engine) -> None:
    """Its level and number, and what to run."""
    with write_transaction(engine) as connection:
        connection.execute(delete(tables.nodes).where(tables.nodes.c.number == 3))
    with long_log.reading() as connection, pytest.raises(DamagedLog, match="lacks node 3 of level 4"):
        nodes.inclusion_proof(connection, 0, 300)


@pytest.mark.parametrize("size", [0, 15, 16, 600])
def test_the_migration_stores_the_nodes_of_an_archive_that_is_there(database_url: str, size: int) -> None:
    """They are those that the appends would have stored."""
    engine = open_engine(database_url, create=True)
    with write_transaction(engine) as connection:
        command.upgrade(alembic_config(connection), "0003")
        connection.execute(insert(tables.appends).values(id=1, first_position=1, recorded_at=INSTANT, digest=b""))
        leaves = [sha256(str(number).encode()).digest() for number in range(size)]
        for position, leaf in enumerate(leaves, 1):
            connection.execute(insert(tables.entries).values(position=position, leaf=leaf, version=position, **ENTRY))
    migrate(engine)
    with read_connection(engine) as connection:
        found = connection.execute(select(tables.nodes).order_by(tables.nodes.c.level, tables.nodes.c.number)).all()
    assert [tuple(row) for row in found] == sorted(Frontier().extend(leaves))
    assert len(found) == size // 16 + size // 256
    engine.dispose()


INSTANT = "2023-11-20T09:00:00.000000Z"
ENTRY = {
    "stream": "registry",
    "type": "Noted",
    "type_version": 1,
    "append_id": 1,
    "recorded_at": INSTANT,
    "digest": b"",
}
