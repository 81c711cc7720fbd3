"""Forms of pages as a browser without scripts sends them back: every field, hidden ones too, with what was changed."""

import json
from html.parser import HTMLParser


class Form:
    """The form of a page that is sent to an address ending in `action`, as the page showed it.

    `fields`: `[(name, value)]` in their order, what is not ticked or chosen left out.
    """

    def __init__(self, page, action):
        found = [form for form in _Forms(page.content.decode()).forms if form["action"].endswith(action)]
        assert found, f"no form is sent to …{action}"
        self.address, self.fields = found[0]["action"], found[0]["fields"]

    def __getitem__(self, name):
        return next(value for key, value in self.fields if key == name)

    def names(self, start=""):
        """The names of the fields that begin so, each once, in their order."""
        return list(dict.fromkeys(name for name, _value in self.fields if name.startswith(start)))

    def send(self, client, to=None, *, part=(), **changes):
        """Post the form with changes (`name=value`, None unticks); `to`: another address, as of a button.

        `part`: names of fields, as the autosave sends them alone with what the page showed.
        """
        kept = [(name, value) for name, value in self.fields if name not in changes]
        if part:
            shown = {name: mark for name, mark in json.loads(self["seen"]).items() if name in part}
            kept = [(name, value) for name, value in kept if name in part] + [("seen", json.dumps(shown))]
        sent = kept + [(name, value) for name, value in changes.items() if value is not None]
        data = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        headers = {"HX-Request": "true"} if part else {}
        return client.post(to or self.address, data, headers=headers)


class _Forms(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.forms, self.form, self.select, self.area = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        one = dict(attributes)
        if tag == "form":
            self.form = {"action": one.get("action", ""), "fields": []}
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and one.get("name") and one.get("type") not in ("submit", "file"):
            if one.get("type") not in ("radio", "checkbox") or "checked" in one:
                self.form["fields"].append((one["name"], one.get("value") or ("on" if "checked" in one else "")))
        elif tag == "select":
            self.select = [one.get("name"), None]
        elif tag == "option" and self.select and (self.select[1] is None or "selected" in one):
            self.select[1] = one.get("value", "")
        elif tag == "textarea":
            self.area = [one.get("name"), ""]

    def handle_data(self, data):
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select:
            self.form["fields"].append(tuple(self.select))
            self.select = None
        elif tag == "textarea" and self.area:
            self.form["fields"].append((self.area[0], self.area[1].removeprefix("\n")))
            self.area = None
