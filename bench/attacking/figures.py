"""What is measured of each attack: its limit, and what it was before issue 8, with the source of that number.

Sources: « issue » is what issue 8 says was seen; « measured » what this very command gave on commit ed5aac0, the last
one before that issue was worked on, on two cores that others used too (a time is worth its order of magnitude).
"""

from dataclasses import dataclass

ISSUE, MEASURED = "issue", "measured"


@dataclass(frozen=True)
class Figure:
    """One number of an attack. `limit`: the most that it may be, or the least; `before`: as text, with its `source`."""

    attack: str
    what: str
    limit: float
    before: str = "?"
    source: str = ""
    unit: str = ""
    is_least: bool = False

    def is_kept(self, value):
        return value >= self.limit if self.is_least else value <= self.limit


SECONDS = {"unit": "s"}
FIGURES = {
    "instant proxy": Figure("slow body", "deposits fed over the closing by nginx, sealed as early", 0, "1", ISSUE),
    "instant bare": Figure("slow body", "the same by gunicorn alone", 0, "1", ISSUE),
    "instant section": Figure("slow body", "answers of a section fed over the closing that were kept", 0, "2", ISSUE),
    "instant honest": Figure("slow body", "deposits sent before it that were refused", 0, "0", MEASURED),
    "stamps": Figure("stamps", "future, old or a stranger's, believed after the closing", 0, "1", ISSUE),
    "bombs 10 health": Figure("10 bombs", "/healthz, p95", 0.2, "8.4", ISSUE, **SECONDS),
    "bombs 10 deposit": Figure("10 bombs", "a deposit meanwhile, p95", 2, "10.1", MEASURED, **SECONDS),
    "bombs 10 faults": Figure("10 bombs", "answers of 5xx, or none, to others", 0, "0", ISSUE),
    "bombs 40 health": Figure("40 bombs", "/healthz, p95", 0.2, "60", ISSUE, **SECONDS),
    "bombs 40 deposit": Figure("40 bombs", "a deposit meanwhile, p95", 2, "60", ISSUE, **SECONDS),
    "bombs 40 faults": Figure("40 bombs", "answers of 5xx, or none, to others", 0, "all", ISSUE),
    "slow health": Figure("500 slow connections", "/healthz, p95", 0.2, "0.11", MEASURED, **SECONDS),
    "slow faults": Figure("500 slow connections", "answers of 5xx, or none, to others", 0, "0", MEASURED),
    "anonymous rows": Figure("anonymous POSTs of 200 kB", "rows left, of 60", 0, "60", MEASURED),
    "verifier time": Figure("16 kB to /verifier/", "slowest answer", 0.05, "?", "", **SECONDS),
    "verifier more": Figure("more to /verifier/", "of 300 kB and 600 kB, those that were read", 0, "2", MEASURED),
    "fuzz": Figure("NUL, lone surrogates", "answers of 5xx, over every route", 0, "3", MEASURED),
    "fuzz forms": Figure("NUL, lone surrogates", "forms with a text that were sent", 30, "34", MEASURED, is_least=True),
    "names": Figure("names of 5 kB", "answers that are not a page of ours", 0, "2", MEASURED),
    "starts": Figure("weak keys", "processes that started, of 3", 0, "3", ISSUE),
    "orphans": Figure("files of nobody", "files older than a day after every task of beat ran", 0, "2", MEASURED),
    "orphans lost": Figure("files of nobody", "files of somebody that were swept", 0, "0", MEASURED),
    "lock": Figure("a lock that is held", "wait for an answer to the deposit", 6, ">20", MEASURED, **SECONDS),
    "lock others": Figure("a lock that is held", "answers of 5xx, or none, to others", 0, "0", MEASURED),
    "long dossier": Figure("20 000 short lines", "until its paper is made", 60, "never", ISSUE, **SECONDS),
    "mail alone": Figure("1 000 papers wait", "until a mail leaves before them", 20, "2", MEASURED, **SECONDS),
    "mail": Figure("1 000 papers wait", "until a mail leaves", 5, "300", ISSUE, **SECONDS),
    "copies": Figure("ten sweeps, no worker", "messages a work in the broker", 1, "12.8", ISSUE),
    "smtp": Figure("SMTP away, 8 tries", "mails that failed for good, of 3", 0, "3", ISSUE),
}


def line(key, value):
    """One line of the table."""
    figure = FIGURES[key]
    now = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    before, now = (f"{one} {figure.unit}".strip() for one in (figure.before, now))
    limit = f"{'≥' if figure.is_least else '≤'} {figure.limit:g}"
    verdict = "kept" if figure.is_kept(value) else "**broken**"
    return f"| {figure.attack} | {figure.what} | {before} | {figure.source} | {now} | {limit} | {verdict} |"
