"""How long each kind of data is kept, what is due, and its disposal on a list that stays.

One table (`periods`) is read by the command, by the page on personal data and by `docs/retention.md`.
"""
