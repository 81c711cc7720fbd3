"""Backup and restore: the database first, then every file that it names, and the keys apart.

A folder of backups holds `files/`, shared by all of them since a file never changes, and one folder a backup, named by
its instant in UTC, which bears that name only once it is whole:

    FOLDER/files/ab/ab12…            content-addressed, as in the data folder
    FOLDER/20260701T020000Z/         database.dump or database.sqlite3, files.txt, manifest.json
    KEYS/20260701T020000Z.keys       both keys, encrypted by a passphrase that stands nowhere near
"""
