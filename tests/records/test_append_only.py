"""What the database itself refuses, whoever asks: rows that prove are never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from hdh_portal.records import append_only
from hdh_portal.records.models import JournalEntry
from tests.factories import the_call

TABLES = [(model._meta.db_table, verb) for model in append_only.guarded_models() for verb in model.refuses]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE records_journalentry SET verb = 'x'", "DELETE FROM records_journalentry"],
    ids=["change", "loss"],
)
def test_journal_refuses_any_change(statement):
    assert JournalEntry.objects.filter(chain=the_call().chain_id).exists()
    refused = pytest.raises(DatabaseError, match="records_journalentry refuses")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_every_trigger_stands_after_all_migrations():
    assert append_only.missing() == []


def test_what_proves_is_guarded():
    assert {"records_journalentry", "records_attempt", "applications_submission"} <= {table for table, _verb in TABLES}
