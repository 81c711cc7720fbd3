"""The one exception that speaks to a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """Where what a refusal says is mended: the name of a page, the arguments of its address, the words of the link."""

    page: str
    args: tuple
    label: str


class Refused(Exception):
    """An action that the rules do not allow now.

    `sentence`: French, for the person: what is wrong, then what to do. `code`: stable word for tests and journals.
    `fields`: messages beside fields, `{what: sentence}`; what: a name, or `(kind, key)` for one of many rows, such as
    `("mark", "quality")`. `link`: the `Link` to the page that mends it, where that is another one, or None.
    `reference`: set when the attempt is recorded.
    """

    def __init__(self, sentence, *, code="refused", fields=None, link=None):
        super().__init__(code)
        self.sentence = sentence
        self.code = code
        self.fields = fields or {}
        self.link = link
        self.reference = None
