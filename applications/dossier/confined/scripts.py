"""Tell a script of a PDF that only computes the fields of its own form from one that acts. Runs in the sandbox.

Nothing is run. A script is harmless if each of its words is: what it names is a field of the form, a sum, a format
(the `AF…` functions of Acrobat's forms), or a name that the script itself gave. Where a sign could be read in two ways
(a regular expression, a computed member, an escape outside a text) the script acts.
"""

import re

import pikepdf

LONGEST = 50_000  # characters
TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n\v\f\u00a0\ufeff\u2028\u2029]+|//[^\r\n\u2028\u2029]*|/\*.*?\*/)
    |(?P<number>0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d][\w$]*|\$[\w$]*)
    |(?P<text>"(?:[^"\\\r\n\u2028\u2029]|\\[^\r\n\u2028\u2029])*"|'(?:[^'\\\r\n\u2028\u2029]|\\[^\r\n\u2028\u2029])*')
    |(?P<sign>\+\+|--|[=!]==?|[<>]=|=>|[-+*/%=!<>&|?:;,.(){}\[\]~^])""",
    re.VERBOSE | re.DOTALL,
)
CONTROL = {"if", "while", "for", "switch"}
WORDS = CONTROL | {
    *("else", "do", "break", "continue", "case", "default", "return", "function", "var", "let", "const"),
    *("true", "false", "null", "undefined", "new", "in", "typeof"),
}
BEFORE_A_PATTERN = {"delete", "void", "instanceof", "of", "yield", "await", "throw"}  # with `WORDS`
# Functions, by their name alone or of a module, and what may be asked of a field, an event, a text or a number.
FUNCTIONS = {
    *("Number", "String", "Boolean", "Array", "Date", "parseFloat", "parseInt", "isNaN", "isFinite", "getField"),
    *("Math", "util"),
}
MODULES = {"Number", "Date", "Math", "util"}
FORM_FUNCTION = re.compile(
    r"AF(Number|Percent|Date|Time|Special)_?(Format|Keystroke)(Ex)?|AFSimple(_Calculate)?|AFRange_Validate"
    r"|AFMakeNumber|AFExtractNums|AFMergeChange"
)
METHODS = {
    *("getField", "isBoxChecked", "push", "toFixed", "toString", "charAt", "indexOf", "lastIndexOf", "substring"),
    *("substr", "slice", "split", "join", "toUpperCase", "toLowerCase", "trim", "printf", "printd", "scand"),
    *("abs", "ceil", "floor", "round", "max", "min", "pow", "sqrt", "getTime", "getFullYear", "getMonth", "getDate"),
}
FACTS = {"value", "valueAsString", "rc", "change", "willCommit", "target", "name", "length", "PI", "E"}


def acts(script):
    """True unless a `/JS` value, a text or a stream of a PDF, is blank or only computes fields; what is neither is a
    reference to something else and does nothing."""
    if isinstance(script, pikepdf.Stream):
        source = _decoded(script.read_bytes())
    elif isinstance(script, pikepdf.String):
        source = str(script)
    else:
        return False
    return bool(source.strip("\0 \t\r\n")) and not computes(source)


def _decoded(data):
    encoding = {b"\xfe\xff": "utf-16", b"\xff\xfe": "utf-16", b"\xef\xbb": "utf-8-sig"}.get(data[:2], "latin-1")
    return data.decode(encoding, errors="replace")


def computes(source):
    """True if every word of a script belongs to computing and formatting fields."""
    tokens = _tokens(source)
    if tokens is None:
        return False
    edge = [("", "")]
    own = {after[1] for before, after in zip(edge + tokens, tokens, strict=False) if before[1] == "function"}
    around = zip(edge + tokens, tokens, [*tokens[1:], *edge], strict=False)
    return all(_is_harmless(*three, own) for three in around) and _are_plain_members(tokens)


def _is_harmless(before, token, after, own):
    """True if a word, between its neighbours, neither acts nor gives another meaning to one that is trusted."""
    kind, words = token
    if kind == "sign":
        return _is_plain_character(before, words, after)
    if kind == "text" and after[1] == ":":  # of an object: the name of a member
        return "\\" not in words and words[1:-1] not in METHODS
    if kind != "name":
        return True
    called = after[1] == "("
    if before[1] == ".":
        return called if words in METHODS else words in FACTS and not called
    if words in WORDS or words in own:
        return words in WORDS or called
    if words in FUNCTIONS or FORM_FUNCTION.fullmatch(words):
        return called or (after[1] == "." and words in MODULES)
    return not called and before[1] != "new" and words not in METHODS | BEFORE_A_PATTERN


def _is_plain_character(before, words, after):
    if words == "(":  # a value that is called may be any function
        return before[1] not in (")", "]", ".") and before[0] not in ("text", "number")
    if words == "=":
        return before[1] not in ("]", "}", "|", "&", "?")
    return words != "=>" and (words != "." or after[0] == "name")


def _are_plain_members(tokens):
    """True if brackets hold lists, or ask for a member by its number or by one variable, without calling it."""
    for at, (_kind, words) in enumerate(tokens):
        if words != "[" or at == 0 or not _ends_a_value(tokens[at - 1]):
            continue
        inside, closed = (tokens[at + 1 : at + 3] + [("", "")] * 2)[:2]
        if closed[1] != "]" or inside[0] not in ("number", "name"):
            return False
    return True


def _ends_a_value(token):
    kind, words = token
    return kind in ("number", "text") or words in (")", "]", "}") or (kind == "name" and words not in WORDS)


def _tokens(source):
    """`[(kind, words)]` without blanks and comments; None for what cannot be read for sure."""
    if len(source) > LONGEST or "<!--" in source or "-->" in source:
        return None
    tokens, at, opened, is_control = [], 0, [], False
    while at < len(source):
        found = TOKEN.match(source, at)
        if found is None:
            return None
        at = found.end()
        kind, words = found.lastgroup, found[0]
        if kind == "blank":
            continue
        if words == "/" and not _divides(tokens, is_control):
            return None
        if words == "(":
            opened.append(bool(tokens) and tokens[-1][1] in CONTROL)
        is_control = words == ")" and bool(opened) and opened.pop()
        tokens.append((kind, words))
    return tokens


def _divides(tokens, after_control):
    """True if a slash after these tokens can only be a division, never the beginning of a regular expression."""
    if not tokens or after_control or tokens[-1][1] == "}" or tokens[-1][1] in BEFORE_A_PATTERN:
        return False
    return _ends_a_value(tokens[-1])
