"""What the worker has made in the live database is carried into a stage's copy, so that a paper is made once.

A document of a copy is the live one if renderer, subject and content are the same; ids of stored files are each
database's own. Ids that a copy hands out later lie beyond all that a task of before the switch can still hold.
"""

MARGIN = 1_000

BEYOND = """
    UPDATE main.sqlite_sequence SET seq = (
        SELECT there.seq + :margin FROM live.sqlite_sequence AS there WHERE there.name = main.sqlite_sequence.name)
    WHERE seq < (
        SELECT there.seq + :margin FROM live.sqlite_sequence AS there WHERE there.name = main.sqlite_sequence.name)
"""
MADE = """
    CREATE TEMP TABLE made AS
    SELECT here.id AS own_id, there.id AS live_id, there.file_id, there.done_at
    FROM live.records_document AS there
    JOIN main.records_document AS here
    ON here.renderer = there.renderer AND here.subject = there.subject AND here.digest = there.digest
    WHERE there.state = 'done' AND here.state <> 'done'
"""
FILES = """
    INSERT INTO main.records_storedfile (sha256, size, media_type, stored_at)
    SELECT sha256, size, media_type, stored_at FROM live.records_storedfile
    WHERE (id IN (SELECT file_id FROM made)
        OR id IN (SELECT page.file_id FROM live.records_documentpage AS page JOIN made ON live_id = page.document_id))
    AND sha256 NOT IN (SELECT sha256 FROM main.records_storedfile)
"""
PAGES = """
    INSERT INTO main.records_documentpage (document_id, number, file_id, width, height, text)
    SELECT made.own_id, page.number, own.id, page.width, page.height, page.text
    FROM made
    JOIN live.records_documentpage AS page ON page.document_id = made.live_id
    JOIN live.records_storedfile AS file ON file.id = page.file_id
    JOIN main.records_storedfile AS own ON own.sha256 = file.sha256
    WHERE true ON CONFLICT DO NOTHING
"""
DOCUMENTS = """
    UPDATE main.records_document SET state = 'done', done_at = made.done_at, claimed_until = NULL, error = '',
        file_id = (
            SELECT own.id FROM main.records_storedfile AS own
            JOIN live.records_storedfile AS file ON file.sha256 = own.sha256 WHERE file.id = made.file_id)
    FROM made WHERE made.own_id = records_document.id
"""


def carry(copy, live_path):
    """Carry finished documents of the database at `live_path` into `copy`, an open SQLite connection."""
    copy.execute("ATTACH ? AS live", [str(live_path)])
    if copy.execute("SELECT 1 FROM live.sqlite_master WHERE name = 'records_document'").fetchone() is None:
        return
    with copy:
        copy.execute(BEYOND, {"margin": MARGIN})
        copy.execute(MADE)
        for statement in (FILES, PAGES, DOCUMENTS):
            copy.execute(statement)
