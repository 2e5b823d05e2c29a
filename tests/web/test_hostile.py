"""Documents that try to be more than text: brought in as a person would, then every page that shows them is looked at."""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import lxml.html
import pytest

from sayso.read import Reader
from sayso.web.access.headers import CSP
from tests.web.conftest import Bench, open_bench, serving

PAYLOADS = {
    "script": "<script>document.title='owned';alert(1)</script>",
    "script-src": "<script src=https://evil.example/x.js></script>",
    "script-open": "<script>/*",
    "script-close": "</script><script>alert(2)</script>",
    "style-close": "</style><style>body{display:none}</style>",
    "title-close": "</title><script>alert(3)</script>",
    "textarea-close": "</textarea><script>alert(4)</script>",
    "comment": "--><script>alert(5)</script><!--",
    "cdata": "]]><script>alert(6)</script>",
    "attribute": "\" onmouseover=alert(7) autofocus onfocus='alert(8)' x=\"",
    "attribute-single": "' onclick='alert(9)' y='",
    "tag-end": '"><img src=x onerror=alert(10)>',
    "image": "<img src=x onerror=alert(11)>",
    "svg": "<svg onload=alert(12)><animate onbegin=alert(13) attributeName=x></svg>",
    "svg-link": '<svg><a xlink:href="javascript:alert(14)"><text>x</text></a></svg>',
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=alert(15)></style></mglyph></table></mtext></math>",
    "frame": '<iframe srcdoc="<script>alert(16)</script>"></iframe>',
    "object": '<object data="javascript:alert(17)"></object><embed src="data:text/html,x">',
    "form": "<form action=https://evil.example><input name=csrf><button formaction=javascript:alert(18)>go</button></form>",
    "meta": '<meta http-equiv=refresh content="0;url=https://evil.example"><base href=https://evil.example/>',
    "link": "<link rel=stylesheet href=https://evil.example/x.css>",
    "style": '<div style="position:fixed;inset:0;background:url(https://evil.example)">x</div>',
    "entity": "&lt;script&gt;alert(19)&lt;/script&gt;",
    "entity-double": "&amp;lt;img src=x onerror=alert(20)&amp;gt;&#x3c;script&#x3e;&#60script&#62",
    "javascript-url": "javascript:alert(21)",
    "javascript-tab": "java\tscript:alert(22)",
    "data-url": "data:text/html,<script>alert(23)</script>",
    "template": "{{7*7}}${7*7}#{7*7}<%= 7*7 %>{% raw %}{{ config }}",
    "sandbox": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "sql": "Robert'); DROP TABLE documents;-- \" OR 1=1",
    "fts": '" OR NEAR(a b) * ^ : -',
    "percent": "%3Cscript%3Ealert(24)%3C/script%3E %s %n %(x)s {0}",
    "path": "../../../../etc/passwd",
    "null": "before\x00after",
    "controls": "a\x01\x02\x03b\x07\x08\x1b[31mred\x7f\x85",
    "override": "user\u202egpj.exe\u202c",
    "isolates": "\u2066left\u2067right\u2069 \u200f\u200e\u061c",
    "zero-width": "ad\u200bmin\u200c\u200d\u2060\ufeff",
    "separators": "one\u2028two\u2029three",
    "look-alike": "https://аррӏе.com/\u202elogin",
    "combining": "Z" + "\u0300\u0489" * 40,
    "surrogate": "lone \ud800 and \udfff",
    "astral": "\U000e0041\U000e0042 \U0001f600\ufff9x\ufffa\ufffb",
    "formula": '=HYPERLINK("https://evil.example","x")',
}
SAID = (
    "{p} Governor Ivan {p} Petrov said on Monday that shelling of {p} had killed 3 people in Belgorod. "
    "“{p} is true,” said Anna {p} Sidorova of the {p} Brigade. Mayor Pyotr Orlov denied that {p} had been shelled in Kursk. {p}"
)
"""in speakers, places, contents and between sentences"""


def fields(payload: str) -> dict[str, str]:
    link = payload if ":" in payload[:12] else f"https://site.example/?q={payload}"
    return {"text": SAID.format(p=payload), "title": payload, "author": payload, "outlet": f"{payload} Daily", "url": link, "origin": payload, "published": "2024-03-05"}  # fmt: skip


def as_jsonl(payload: str) -> bytes:
    return json.dumps(fields(payload)).encode()


def as_csv(payload: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, fields(payload))
    writer.writeheader()
    writer.writerow(fields(payload))
    return out.getvalue().encode("utf-8", "replace")


def as_html(payload: str) -> bytes:
    """Its markup is markup here; what the page shows is what a reader would see of it."""
    told = fields(payload)
    return (
        f'<html><head><title>{payload}</title><meta name=author content="{escape(payload, {chr(34): "&quot;"})}">'
        f'<link rel=canonical href="{escape(told["url"], {chr(34): "&quot;"})}"></head>'
        f"<body><article><h1>{escape(payload)}</h1><p>{payload}</p><p>{escape(told['text'])}</p></article></body></html>"
    ).encode("utf-8", "replace")


def as_mail(payload: str) -> bytes:
    told = {
        name: re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", "?", value)
        for name, value in fields(payload).items()
    }
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = (
        told["title"],
        "a@site.example",
        "Tue, 05 Mar 2024 10:00:00 +0000",
    )
    message.set_content(told["text"])
    message.add_alternative(f"<p>{told['text']}</p>", subtype="html")
    return message.as_bytes()


def as_feed(payload: str) -> bytes:
    told = {
        name: escape(re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", "?", value))
        for name, value in fields(payload).items()
    }
    return (
        f"<rss version='2.0'><channel><title>{told['outlet']}</title><item><title>{told['title']}</title><link>{told['url']}</link>"
        f"<author>{told['author']}</author><guid>{told['title']}</guid><description>{escape(told['text'])}</description></item></channel></rss>"
    ).encode("utf-8", "replace")


def as_text(payload: str) -> bytes:
    return SAID.format(p=payload).encode("utf-8", "replace")


def hostile() -> dict[str, tuple[str, bytes]]:
    """Identifier → name and bytes of an upload: every payload as JSON Lines, some in the other carriers, some as names."""
    made = {f"{name}-jsonl": (f"{name}.jsonl", as_jsonl(payload)) for name, payload in PAYLOADS.items()}
    carriers = {"csv": as_csv, "html": as_html, "eml": as_mail, "xml": as_feed, "txt": as_text}
    for name in ("script", "attribute", "svg", "override", "look-alike"):
        for ending, carrier in carriers.items():
            made[f"{name}-{ending}"] = (f"{PAYLOADS[name]}.{ending}", carrier(f"{PAYLOADS[name]} {ending}"))
    return made


HOSTILE = hostile()
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
OURS = {"/static/workbench.css", "/static/built/map.css", "/static/built/drawings.css", "/static/icon.svg"}
FORBIDDEN = {
    "style",
    "svg",
    "math",
    "iframe",
    "frame",
    "object",
    "embed",
    "base",
    "applet",
    "animate",
    "audio",
    "video",
    "noembed",
    "template",
    "marquee",
}


def test_there_are_fifty_and_more() -> None:
    assert len(HOSTILE) >= 50


@pytest.fixture(scope="module")
def lair(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> Iterator[Bench]:
    """A workbench with all of them read."""
    with ExitStack() as stack:
        bench = open_bench(stack, tmp_path_factory.mktemp("lair") / "lair.db", rules)
        job = bench.bring(*HOSTILE.values())
        assert job["stage"] == "done", job["message"]
        assert job["documents"] >= 50, [i for i in job["items"] if i["outcome"] == "failed"]
        yield bench


@pytest.fixture(scope="module")
def documents(lair: Bench) -> list[dict[str, Any]]:
    return list(lair.browser.get("/api/documents?limit=500").json()["items"])


# -- what a page may hold -----------------------------------------------------------------------------------------


def looked_at(bench: Bench, path: str) -> Any:
    """The page, parsed, after everything that must hold of any page."""
    answer = bench.browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    assert answer.headers["content-security-policy"] == CSP and answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"].startswith("text/html")
    tree = lxml.html.document_fromstring(answer.content.decode())
    for element in tree.iter(lxml.html.etree.Element):
        check_element(element, path)
    check_text(tree, path)
    assert len(tree.xpath("//title")) == len(tree.xpath("//main")) == len(tree.xpath("//h1")) == 1, path
    return tree


def check_element(element: Any, path: str) -> None:
    told = (path, lxml.html.tostring(element)[:300])
    attributes = dict(element.attrib)
    assert element.tag not in FORBIDDEN, told
    assert not {name for name in attributes if name.startswith("on")} | {"style", "srcdoc", "formaction"} & set(
        attributes
    ), told
    assert set(attributes) <= ATTRIBUTES and element.tag in ELEMENTS, (told, set(attributes) - ATTRIBUTES)
    if element.tag == "script":
        assert attributes["src"].startswith("/static/") and not (element.text or "").strip(), told
    elif element.tag in ("link", "img"):
        assert attributes.get("href", attributes.get("src")) in OURS, told
    elif element.tag == "meta":
        assert (
            attributes.get("name", "charset") in {"charset", "viewport", "robots", "csrf"}
            and "http-equiv" not in attributes
        ), told
    for name in ("href", "action", "src"):
        where = attributes.get(name, "/")
        outside = element.tag == "a" and re.match(r"https?://", where) and attributes.get("class") == "outside"
        assert outside or (re.match(r"[/?#]", where) and not where.startswith("//")), told
        if outside:
            assert {"noopener", "noreferrer", "nofollow"} <= set(attributes["rel"].split()), told


def check_text(tree: Any, path: str) -> None:
    """What would hide is in sight, in the text and in what is read out or shown on pointing."""
    for words in [*tree.itertext(), *tree.xpath("//@title | //@aria-label | //@placeholder")]:
        found = HIDDEN.search(words)
        assert found is None, (path, words[max(0, found.start() - 60) : found.end() + 20])


WRITTEN = "".join(
    part.read_text(encoding="utf-8")
    for folder in (resources.files("sayso.web") / "templates", resources.files("sayso.web"))
    for part in folder.iterdir()
    if part.name.endswith(".j2") or part.name == "render.py"
)
"""what the templates and the renderer write themselves"""
ELEMENTS = set(re.findall(r"<([a-z][a-z0-9]*)", WRITTEN)) | {"tbody"}
ATTRIBUTES = set(re.findall(r"[\s\"}]([a-z][a-z-]*)=[\"{']", WRITTEN)) | set(re.findall(r"data-[a-z-]+", WRITTEN))
ATTRIBUTES |= set("open hidden selected checked required multiple disabled download autofocus".split())


# -- every page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_stays_text(lair: Bench, documents: list[dict[str, Any]], name: str) -> None:
    upload = lair_name(HOSTILE[name][0])
    mine = [d for d in documents if (d["path"] or "").partition("#")[0] == upload]
    if not mine:
        assert upload in {f["path"].partition("#")[0] for f in lair.browser.get("/api/failures").json()}, (
            "it is neither read nor failed"
        )
        return
    for document in mine:
        tree = looked_at(lair, f"/documents/{document['id']}")
        whole = lair.browser.get(f"/api/documents/{document['id']}/reading").json()["document"]
        assert seen(tree.xpath("//*[@data-text]")[0]) == whole["text"].replace("\r\n", "\n").replace("\r", "\n")
        if document["title"]:
            assert seen(tree.xpath("//h1")[0]).strip()
        original = lair.browser.get(f"/api/documents/{document['id']}/original")
        assert (
            original.headers["content-disposition"].startswith("attachment")
            and original.headers["content-type"] == "application/octet-stream"
        )
        looked_at(lair, f"/claims?document={document['id']}")
        if document["outlet"] and "%" not in document["outlet"]:  # the test client would decode it twice
            assert seen(looked_at(lair, f"/outlets/{quote(document['outlet'], safe='')}").xpath("//h1")[0])
            assert (
                lair.browser.get(f"/api/outlets/{quote(document['outlet'], safe='')}").json()["name"]
                == document["outlet"]
            )


def lair_name(given: str) -> str:
    from sayso.web.api.jobs import _name

    return _name(given.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A"))


def seen(element: Any) -> str:
    """What its text says, with code points that are in sight read as the characters that they name."""
    words = []
    for part in element.xpath(".//text()"):
        hidden = part.getparent().get("class") == "hidden-character" and not part.is_tail
        words.append(chr(int(part[2:], 16)) if hidden else str(part))
    return "".join(words)


SHARED = [
    "/",
    "/documents",
    "/claims",
    "/events",
    "/map",
    "/network",
    "/names",
    "/outlets",
    "/search",
    "/failures",
    "/review",
    "/review?blind=true",
    "/review/agreement",
    "/judgements",
    "/takeaway",
    "/add",
    "/guide",
    "/account",
    "/people",
    "/audit",
]


@pytest.mark.parametrize("path", SHARED)
def test_pages_that_show_many_documents_stay_ours(lair: Bench, path: str) -> None:
    looked_at(lair, path)


@pytest.mark.parametrize(
    ("listed", "page"),
    [("events", "/events/{id}"), ("review", "/review/{id}"), ("jobs", "/jobs/{id}"), ("names", "/names/{id}")],
)
def test_pages_of_one_thing_stay_ours(lair: Bench, listed: str, page: str) -> None:
    found = lair.browser.get(f"/api/{listed}").json()
    found = found if isinstance(found, list) else found["items"]
    assert found
    for one in found[:40]:
        looked_at(lair, page.format(id=one["id"]))


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_is_asked_stays_text(lair: Bench, name: str) -> None:
    """The same in addresses: searches, filters, names of saved searches, names that are not there."""
    payload = PAYLOADS[name].encode("utf-8", "replace").decode()
    for path in (
        f"/search?q={quote(payload)}",
        f"/claims?who={quote(payload)}&about={quote(payload)}",
        f"/names?q={quote(payload)}",
        f"/claims?speaker={quote(payload)}",
    ):
        answer = lair.browser.get(path)
        assert answer.status_code in (200, 422), path
        tree = lxml.html.document_fromstring(answer.content.decode())
        for element in tree.iter(lxml.html.etree.Element):
            check_element(element, path)
        check_text(tree, path)
    for path in (
        f"/documents/{quote(payload, safe='')}",
        f"/names/{quote(payload, safe='')}",
        f"/events?near={quote(payload)}",
        f"/outlets/{quote(payload)}",
        f"/review?event={quote(payload)}",
        f"/login?next={quote(payload)}",
        f"/network?of={quote(payload)}",
    ):
        answer = lair.browser.get(path)
        assert answer.status_code in (200, 303, 404, 422), (path, answer.status_code)
        if answer.status_code == 303:
            assert re.match(r"/(?![/\\])", answer.headers["location"])
        else:
            for element in lxml.html.document_fromstring(answer.content.decode()).iter(lxml.html.etree.Element):
                check_element(element, path)


def test_every_search_for_words_of_hostile_documents_is_answered(lair: Bench) -> None:
    for path in ("/search?q=Belgorod", "/claims?who=Petrov", "/names?q=Petrov", "/claims?about=true"):
        looked_at(lair, path)


def test_no_expression_of_a_document_is_reckoned(lair: Bench) -> None:
    for path in ("/documents", "/claims?about=killed", "/outlets"):
        assert "{{7*7}}" in lair.browser.get(path).text or "7*7" not in lair.browser.get(path).text
        assert "49$" not in lair.browser.get(path).text


@pytest.mark.parametrize("format", ["html", "pdf"])
def test_a_brief_of_hostile_documents(lair: Bench, format: str) -> None:
    for event in lair.browser.get("/api/events").json()["items"][:10]:
        answer = lair.browser.get(f"/api/events/{event['id']}/brief?format={format}")
        assert answer.status_code == 200
        if format == "html":
            tree = lxml.html.document_fromstring(answer.content.decode())
            assert not tree.xpath("//script | //iframe | //img | //svg | //form | //@*[starts-with(name(), 'on')]")
            assert not [h for h in tree.xpath("//@href") if re.match(r"\s*(javascript|data|vbscript):", h, re.I)]
        else:
            assert (
                answer.content.startswith(b"%PDF-")
                and b"/JavaScript" not in answer.content
                and b"/JS" not in answer.content
            )


def test_exports_of_hostile_documents(lair: Bench) -> None:
    hrefs = looked_at(lair, "/takeaway").xpath("//main//a[@download]/@href")
    assert len(hrefs) > 8
    for href in hrefs:
        answer = lair.browser.get(href)
        assert answer.status_code == 200, (href, answer.text[:300])
        assert (
            answer.headers["content-disposition"].startswith("attachment")
            and "html" not in answer.headers["content-type"]
        )
        if href.endswith(".csv"):
            for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))):
                assert not [cell for cell in row if cell.startswith(("=HYPERLINK", "=cmd", "@SUM"))], href


def test_the_database_is_whole(lair: Bench, documents: list[dict[str, Any]]) -> None:
    """SQLite’s substr() ends at a NUL, so that `verify` cannot look beyond one."""
    (cut,) = [d["id"] for d in documents if (d["path"] or "").startswith("null.jsonl")]
    assert [fault for fault in lair.desk.ledger.verify() if cut not in fault] == []
    assert lair.browser.get("/api/start").json()["documents"] >= 50


# -- size ---------------------------------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def nested(depth: int) -> bytes:
    data = as_text("deep")
    for level in range(depth):
        data = zipped(**{f"{level}.zip" if level else "x.txt": data})
    return data


LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY l0 'ha'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><rss version='2.0'><channel><title>&l9;</title><item><title>&l9;</title><description>&l9;</description></item></channel></rss>"
).encode()
OUTSIDE = b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><title>t</title><item><title>&x;</title><description>The mayor said &x;</description></item></channel></rss>"
DOCX = zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": LAUGHS})
BOMBS = {
    "zeros.zip": zipped(zeros=b"\0" * 150_000_000),
    "many.zip": zipped(**{f"{n}.zip": zipped(z=b"\0" * 3_000_000) for n in range(30)}),
    "nested.zip": nested(12),
    "laughs.xml": LAUGHS,
    "outside.xml": OUTSIDE,
    "laughs.docx": DOCX,
    "deep.html": b"<div>" * 60_000 + b"said",
    "brackets.json": b"[" * 200_000,
    "quotes.csv": b'text,title\n"' + b"word " * 200_000,
    "attributes.html": b"<html><body><p " + b"x=1 " * 100_000 + b">The mayor said so.</p></body></html>",
    "name" * 300 + ".txt": as_text("long"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS, ids=lambda n: n[:20])
def test_a_bomb_fails_alone_and_within_bounds(bench: Bench, name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    job = bench.bring((name, BOMBS[name]), ("fine.txt", as_text("fine")))
    assert job["stage"] == "done", job["message"]
    told = {i["name"]: i["outcome"] for i in job["items"]}
    assert told["fine.txt"] == "read", told
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000, "kilobytes more than before"
    for path in ("/", "/failures", f"/jobs/{job['id']}", "/documents"):
        assert "root:" not in looked_at(bench, path).text_content()


@pytest.mark.slow
@pytest.mark.parametrize("words", ["a", "and then some more words "], ids=["one-word", "many-words"])
def test_a_line_of_ten_megabytes(bench: Bench, words: str) -> None:
    data = (words * (10_000_000 // len(words))).encode()
    job = bench.bring(("line.txt", data), ("fine.txt", as_text("fine")))
    assert job["stage"] == "done" and job["documents"] + job["failures"] == 2
    for document in bench.browser.get("/api/documents?limit=2").json()["items"]:
        tree = looked_at(bench, f"/documents/{document['id']}")
        assert len(tree.text_content()) < 3_000_000
        looked_at(bench, f"/claims?document={document['id']}")


def test_names_of_ten_thousand_characters(bench: Bench) -> None:
    long = "Very" * 2_500
    told = {
        **fields("x"),
        "title": long,
        "author": long,
        "outlet": long,
        "url": f"https://site.example/{long}",
        "text": f"Governor {long} said that {long} had shelled {long}.",
    }
    job = bench.bring(("long.jsonl", json.dumps(told).encode()))
    assert job["documents"] == 1
    document = bench.browser.get("/api/documents?limit=1").json()["items"][0]
    looked_at(bench, f"/documents/{document['id']}")
    for path in ("/", "/documents", "/claims", "/events", "/names", "/outlets", "/review", "/map", "/network"):
        looked_at(bench, path)
    assert bench.browser.get(f"/api/documents/{document['id']}").json()["outlet"] == document["outlet"]


# -- in a browser -------------------------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FOREIGN = """() => [...document.querySelectorAll('*')].filter((e) =>
  [...e.attributes].some((a) => a.name.startsWith('on') || ['srcdoc', 'formaction'].includes(a.name))
  || ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'FRAME', 'STYLE'].includes(e.tagName)
  || (e.tagName === 'SCRIPT' && !e.src.startsWith(location.origin + '/static/'))
  || (e.tagName === 'META' && e.httpEquiv)
  || (e.tagName === 'FORM' && new URL(e.action).origin !== location.origin)
  || (e.tagName === 'A' && !/^https?:$/.test(e.protocol))
).map((e) => e.outerHTML.slice(0, 200))"""


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")
def test_in_a_browser_nothing_runs_and_nothing_leaves(
    lair: Bench, documents: list[dict[str, Any]], tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    with sqlite3.connect(lair.desk.path) as one, sqlite3.connect(tmp_path / "lair.db") as copy:
        one.backup(copy)
    dialogs: list[str] = []
    problems: list[str] = []
    asked: set[str] = set()
    with serving(tmp_path / "lair.db") as (address, _), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page()
        page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
        page.on(
            "console",
            lambda m: (
                problems.append(f"{page.url}: {m.text}")
                if m.type in ("error", "warning") and "WebGL" not in m.text
                else None
            ),
        )
        page.on("pageerror", lambda e: problems.append(f"{page.url}: {e}"))
        page.on("request", lambda r: asked.add(r.url))
        for path in browsed(lair, documents):
            page.goto(address + path, wait_until="load")
            assert page.title().endswith("· Sayso"), path
            assert page.evaluate(FOREIGN) == [], path
            page.mouse.move(300, 300)
            page.keyboard.press("Tab")
        chromium.close()
    assert dialogs == [] and problems == []
    assert [url for url in asked if not url.startswith((f"{address}/", "data:", f"blob:{address}/"))] == []


def browsed(bench: Bench, documents: list[dict[str, Any]]) -> Iterator[str]:
    """One page of each kind, and the documents with most to try."""
    yield from (path for path in SHARED if path != "/account")
    yield from ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/names?q=Petrov", "/claims?who=Petrov")
    yield from (f"/documents/{d['id']}?start=2&end=30" for d in documents[::3])
    yield from (
        f"/outlets/{quote(d['outlet'], safe='')}"
        for d in documents[::9] + [d for d in documents if "%3C" in (d["title"] or "")]
        if d["outlet"]
    )
    for listed, page in (("events", "/events/"), ("names", "/names/"), ("review", "/review/")):
        found = bench.browser.get(f"/api/{listed}").json()
        yield from (f"{page}{one['id']}" for one in (found if isinstance(found, list) else found["items"])[:5])
