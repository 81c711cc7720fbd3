"""The queues of the broker by the process that serves them, first what it takes first; a single worker serves all.

`again`: the sweep, which must not stand behind the mails; `agenda`: what the portal does by the clock; `asked`: papers
that somebody waits for; `papers`: those that are made in advance.
"""

MAILS = ("again", "mails")
PAPERS = ("agenda", "asked", "papers")
