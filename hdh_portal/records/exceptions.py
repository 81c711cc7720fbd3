"""The one exception that speaks to a person."""


class Refused(Exception):
    """An action that the rules do not allow now.

    `sentence`: French, for the person: what is wrong, then what to do. `code`: stable word for tests and journals.
    `fields`: messages beside fields, `{what: sentence}`; what: a name, or `(kind, key)` for one of many rows, such as
    `("mark", "quality")`. `reference`: set when the attempt is recorded.
    """

    def __init__(self, sentence, *, code="refused", fields=None):
        super().__init__(code)
        self.sentence = sentence
        self.code = code
        self.fields = fields or {}
        self.reference = None
