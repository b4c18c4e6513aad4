"""The tree is RFC 6962's: by its definition, by known roots, and by the vectors of another implementation."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.log.merkle import EMPTY_ROOT, Frontier, leaf_hash, root_of

# The leaves and roots that every implementation of certificate transparency is tested with.
LEAVES = [
    bytes.fromhex(data)
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
VECTORS = Path(__file__).parents[3] / "shared" / "data" / "merkle-vectors"


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_a_tree_has_the_root_that_other_implementations_give_it(size: int) -> None:
    """Sizes 0 to 8, by the frontier and by the definition."""
    leaves = [leaf_hash(data) for data in LEAVES[:size]]
    frontier = Frontier()
    frontier.extend(leaves)
    assert frontier.root().hex() == root_of(leaves).hex() == ROOTS[size]


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70), st.data())
def test_a_frontier_taken_up_again_gives_the_root_by_definition(leaves: list[bytes], data: st.DataObject) -> None:
    """Wherever an append stopped and the next one began, the root is that of all leaves."""
    split = data.draw(st.integers(0, len(leaves)))
    first = Frontier()
    first.extend(leaves[:split])
    second = Frontier(split, bytes(first))
    second.extend(leaves[split:])
    assert second.size == len(leaves)
    assert second.root() == root_of(leaves)


def test_a_frontier_of_the_wrong_length_is_refused() -> None:
    """A damaged head row is not taken for a tree."""
    with pytest.raises(ValueError, match="a tree of 3 leaves has 2 hashes"):
        Frontier(3, b"\0" * 32)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """RFC 6962, 2.1."""
    assert Frontier().root() == EMPTY_ROOT


@pytest.mark.skipif(not VECTORS.is_dir(), reason="../shared is not there")
def test_roots_that_others_prove_consistent_are_the_roots_of_our_trees() -> None:
    """The consistency vectors are over the same leaves as ours."""
    met = 0
    for file in VECTORS.glob("consistency/[0-9]/happy-path.json"):
        vector = json.loads(file.read_text())
        for size, root in ((vector["size1"], vector["root1"]), (vector["size2"], vector["root2"])):
            assert root_of([leaf_hash(data) for data in LEAVES[:size]]) == b64decode(root)
            met += 1
    assert met == 10
