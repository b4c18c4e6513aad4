"""Cases that the archive brings with it, as files of reports."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def path() -> Traversable:
    """The reports of the OpenAI case of November 2023: JSON Lines, ready for `archive append`.

    Passages are code points of `article.ja.txt`, whose digest the source `hedgehog-article` carries.
    """
    return files(__name__).joinpath("openai-2023.jsonl")
