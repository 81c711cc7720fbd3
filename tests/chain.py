"""The chain of a call comes last in every act: whoever writes anything else after its line holds all others up."""

import re

WRITTEN = re.compile(r'(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM) "(\w+)"')
# What needs the line's hash, and what an act leaves for the worker.
AFTER_IT = {"records_chain", "records_journalentry", "records_document", "records_message"}
AFTER_IT |= {"applications_submission", "applications_publishedhead"}


class ChainWatch:
    """Wraps the statements of a connection; `early`: tables written in an act after its line in the journal.

    An act of a test begins and ends with a savepoint, or with a transaction of its own.
    """

    def __init__(self):
        self.is_held, self.early = False, []

    def __call__(self, execute, sql, params, many, context):
        # A transaction that ended leaves no statement; what follows outside of any belongs to no act.
        if not context["connection"].in_atomic_block or sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.is_held = False
        elif sql.startswith('UPDATE "records_chain"'):
            self.is_held = True
        elif self.is_held and (found := WRITTEN.match(sql)) and found[1] not in AFTER_IT:
            self.early.append(found[1])
        return execute(sql, params, many, context)
