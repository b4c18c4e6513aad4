"""Kept texts stand beside the log."""

from sqlalchemy import Engine

from archive.intake.documents import Document
from archive.log import documents
from archive.log.documents import Kept
from archive.log.log import Log
from archive.log.transactions import read_connection, write_transaction
from archive.projections import texts

KEPT_AT = "2023-11-20T09:00:00.000000Z"
ONE = Document("1" * 64, "text/plain; charset=utf-8", "utf-8", "日本語\r\nand \U0001f600")
TWO = Document("2" * 64, "text/html; charset=utf-8", "html-text 1", "two")


def test_a_text_is_kept_once_and_read_back_as_it_was(engine: Engine) -> None:
    """Ends of lines and characters beyond the first plane included; the second time changes nothing."""
    with write_transaction(engine) as connection:
        assert texts.keep(connection, ONE, KEPT_AT)
        assert not texts.keep(connection, Document(ONE.sha256, "text/plain", "other", "other"), KEPT_AT)
        assert texts.keep(connection, TWO, KEPT_AT)
    with read_connection(engine) as connection:
        assert documents.texts(connection, [ONE.sha256, "3" * 64]) == {ONE.sha256: ONE.text}
        assert list(documents.kept(connection)) == [
            Kept(ONE.sha256, ONE.media_type, ONE.made_by, KEPT_AT),
            Kept(TWO.sha256, TWO.media_type, TWO.made_by, KEPT_AT),
        ]


def test_a_text_can_go_and_the_log_stays_as_it_was(engine: Engine, log: Log) -> None:
    """It is no part of the log; the other texts stay."""
    with write_transaction(engine) as connection:
        before = log.head(connection)
        texts.keep(connection, ONE, KEPT_AT)
        texts.keep(connection, TWO, KEPT_AT)
    with write_transaction(engine) as connection:
        assert texts.remove(connection, ONE.sha256)
        assert not texts.remove(connection, ONE.sha256)
    with read_connection(engine) as connection:
        assert documents.texts(connection, [ONE.sha256, TWO.sha256]) == {TWO.sha256: TWO.text}
        assert log.head(connection) == before
