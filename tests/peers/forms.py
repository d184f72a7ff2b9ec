"""Makes tests/data/forms.json: pages, and the tags of forms that html5lib 1.1 finds in them.

Run by hand when the pages are to be others: `pip install html5lib==1.1 && python3 tests/peers/forms.py > tests/data/forms.json`.
"""

import json
import random

import html5lib

TAGS = ("form", "input", "button")
ENTITIES = [
    "&#x2b;", "&#X2B;", "&#43;", "&#43", "&#x3D;", "&equals;", "&plus;", "&sol;", "&amp;", "&amp", "&lt;", "&gt;",
    "&quot;", "&apos;", "&amp;amp;", "&", "&;", "&#;", "&#x;", "&#xZ", "&unknown;", "&amp=", "&ampx", "&#0;", "&#128;",
    "&#x80000000;", "&#xD800;", "&nbsp;", "&lt", "&quot", "&gtx",
]
LETTERS = ["a", "B", "9", "é", "€", "/", "+", "=", " ", "  ", "\n", "\t", "<", "-", "--", "`", "😀"]
NAMES = ["name", "NAME", "value", "Value", "type", "action", "data-x", "x:y", "a.b", "disabled", "é", "=x", "a<b", "a\"b"]
NOISE = [
    "text", " ", "\n", "<p>", "</p>", "<br/>", "<div>", "</div>", "<b>", "</b>", "a < b", "a<3", "<", "< ", "<>", "</>",
    "</ x>", "<!-- c -->", "<!---->", "<!-->", "<!--->", "<!-- <input name=comment> -->", "<!-- a --!>", "<!-- - -- -> -->",
    "<!x <input name=bogus", "<?php <input name=php?", "<![CDATA[ <input name=cdata", "&amp;", "&#65;", "é",
    "<script>var a = '<input name=script>';</script>", "<SCRIPT type=x><input></script >", "<script></scripty></script/>",
    "<style>a { b: '<form>' }</style>", "<title><input name=title></title>", "<textarea><input name=text></textarea>",
    "<textarea></TEXTAREA x=y>", "<xmp><input></xmp>", "<noscript><input name=noscript></noscript>",
    "<iframe><input></iframe>", "<a href='<input>'>", "<a href=\"'\" >", "</a>", "<img src=x alt='>'>", "<inputs name=x>",
]


class Dice(random.Random):
    def value(self):
        return "".join(self.choice(ENTITIES if self.random() < 0.4 else LETTERS) for _ in range(self.randrange(6)))

    def attribute(self):
        name = self.choice(NAMES)
        value = self.value()
        form = self.randrange(5)
        if form == 0:
            return name
        if form == 1:
            bare = "".join(letter for letter in value if letter not in " \n\t\"'<>`")
            return name + "=" + (bare or "x")
        quote = self.choice("'\"")
        blanks = self.choice(["", "", " ", "\n"])
        return f"{name}{blanks}={blanks}{quote}{value.replace(quote, '')}{quote}"

    def tag(self, name):
        name = self.choice([name, name.upper(), name.title()])
        parts = [self.attribute() for _ in range(self.randrange(5))]
        between = self.choice([" ", " ", "\n", "/", " / "])
        end = self.choice([">", ">", ">", " >", "/>", " />"])
        return "<" + between.join([name, *parts]) + end

    def page(self):
        pieces = []
        is_open = False
        for _ in range(self.randrange(3, 12)):
            kind = self.randrange(4)
            if kind == 0 and not is_open:
                pieces.append(self.tag("form"))
                is_open = True
            elif kind == 0:
                pieces.append("</form>")
                is_open = False
            elif kind == 1:
                pieces.append(self.tag("input"))
            elif kind == 2 and self.random() < 0.3:
                pieces.append(self.tag("button") + "</button>")
            else:
                pieces.append(self.choice(NOISE))
        page = "<!DOCTYPE html><body>" + "".join(pieces)
        # Some pages end in the middle.
        return page[: self.randrange(len(page))] if self.random() < 0.1 else page


def tags(page):
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    found = [element for element in tree.iter() if element.tag in TAGS]
    return [[element.tag, {str(name): value for name, value in element.attrib.items()}] for element in found]


dice = Dice(20261121)
cases = []
while len(cases) < 200:
    page = dice.page()
    found = tags(page)
    if found:
        cases.append({"page": page, "tags": found})
print("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]")
