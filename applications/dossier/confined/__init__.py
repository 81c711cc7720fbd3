"""What reads the files of strangers: it runs in the sandbox only, and imports nothing of the portal or of Django.

Each `facts` function takes a path and limits and returns what JSON can say; `{"refused": code}` is a verdict.
`applications.dossier.uploads` has the words for people.
"""

import re

# Blanks and a byte order mark before a PDF are read over, as every viewer does.
PDF_HEAD = re.compile(rb"[\0\t\n\f\r ]*(?:\xef\xbb\xbf|\xfe\xff|\xff\xfe)?[\0\t\n\f\r ]*%PDF-")


class Found(Exception):
    """The reader met something that is not accepted: the code of the reason, and a detail where there is one."""

    def __init__(self, code, detail=None):
        super().__init__(code)
        self.code = code
        self.detail = detail

    def verdict(self):
        return {"refused": self.code, "detail": self.detail}
