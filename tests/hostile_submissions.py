"""A hundred submissions that mean no good: what is sent, and what may be answered."""

# ruff: noqa: E501 - a table

from __future__ import annotations

from dataclasses import dataclass, field

from tests.hostile import _CONTROL, _MARKUP

FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@dataclass(frozen=True)
class Attack:
    """A request, and the statuses that are right for it."""

    name: str
    fields: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    path: str = "/en/submit"
    body: bytes | None = None
    status: tuple[int, ...] = (422,)


GOOD = {
    "title": "Repair café: neighbours mend what is broken in Vienna",
    "summary": "Once a month volunteers with tools help their neighbours to mend broken things, and show them how.",
    "language": "en",
    "regions": "AT13",
    "barriers": "skills",
    "status": "running",
    "organisation.name": "Verein Reparatur",
    "sources.1.title": "Repair café",
    "sources.1.url": "https://example.org/repair",
    "sources.1.publisher": "Example",
    "sources.1.language": "en",
    "section.problem": "Things that could be mended are thrown away [1].",
    "section.what-was-done": "Volunteers mend bicycles together with their owners.",
    "section.results": "Most of what is brought in works again.",
}
_IDS = ["../../etc/passwd", "..", ".", "/etc/passwd", "a/b", "a\\b", "..\\..\\x", "C:\\x", "%2e%2e%2fx", "a\x00b/../c", "x.md",
        "x.fr", "README", "-x", "--upload-pack=x", "x-", "x--y", "Ünder", "a b", "a" * 101, "$(id)", "`id`", ";ls", "x\ny",
        "moved.yaml", ".git/config", "…", "あ", "brittany-cyberbreakfast"]  # fmt: skip
_FRONT = ["x\n---\nlicense: none\n---\n", "---", "---\ntitle: y", 'x"\nbarriers: [a]', "x\\", "x'\n'", "!!python/object:os.system x",
          "&a x", "*a", "<<: *x", "x: y: z", "[x", "{x", "# x", "%YAML 1.2", "x\u2028title: y", "x\x85title: y", "? x", "| x",
          "> x"]  # fmt: skip
_ACTIONS = [
    "send",
    "download",
    "patch",
    "add-../../x",
    "remove-sources-999999",
    "remove-x-1",
    "delete",
    "preview\x00",
    "open",
]

ATTACKS = [
    *(Attack(f"id {id[:20]!r}", {**GOOD, "id": id, "action": "download"}, status=(422,)) for id in _IDS),
    *(Attack(f"front {text[:20]!r}", {**GOOD, "title": f"A {text}", "action": "preview"}, status=(200, 422)) for text in _FRONT),
    *(Attack(f"markup {text[:20]!r}", {**GOOD, "section.problem": text, "place": text, "action": "preview"}, status=(200, 422))
      for text in _MARKUP),
    *(Attack(f"control {text[:9]!r}", {**GOOD, "place": f"a{text}b", "action": "preview"}, status=(200, 422))
      for text in _CONTROL if text.isprintable() or len(text) < 9),
    *(Attack(f"action {action!r}", {"action": action, "title": "x"}, status=(200, 422)) for action in _ACTIONS),
    *(Attack(f"without {name}", {**{one: text for one, text in GOOD.items() if one != name}, "action": "download"})
      for name in ("title", "summary", "regions", "barriers", "status", "organisation.name", "section.problem")),
    Attack("nothing", {}, status=(415,)),
    Attack("enormous text", {**GOOD, "section.problem": "x" * 300_000, "action": "download"}),
    Attack("enormous title", {**GOOD, "title": "x" * 200_000, "action": "download"}),
    Attack("enormous request", {"title": "x" * 2_000_000}, status=(413,)),
    Attack("many fields", {f"x{number}": "" for number in range(5_000)}, status=(413,)),
    Attack("many rows", {f"sources.{number}.title": "x" for number in range(1, 200)}, status=(413,)),
    Attack("false length", body=b"title=x", headers={"Content-Length": "99999999999"}, status=(413,)),
    Attack("no form", body=b"{}", headers={"Content-Type": "application/json"}, status=(415,)),
    Attack("broken multipart", body=b"--x\r\nnonsense", headers={"Content-Type": "multipart/form-data; boundary=x"}, status=(200, 400)),
    Attack("multipart without boundary", body=b"x", headers={"Content-Type": "multipart/form-data"}, status=(400,)),
    Attack("no UTF-8", body=b"title=%ff%fe&action=check", headers={"Content-Type": "application/x-www-form-urlencoded"},
           status=(200,)),
    Attack("halves of characters", body=b"title=%ed%a0%80&action=check",
           headers={"Content-Type": "application/x-www-form-urlencoded"}, status=(200,)),
    *(Attack(f"origin {origin}", {**GOOD, "action": "send"}, {"Origin": origin}, status=(403,))
      for origin in ("https://evil.example", "null", "http://testserver.evil.example", "http://testserver:81", "file://",
                     "http://[", "http://evil@testserver")),
    Attack("cross-site", {**GOOD, "action": "send"}, FOREIGN, status=(403,)),
    Attack("same-site", {**GOOD, "action": "send"}, {"Sec-Fetch-Site": "same-site"}, status=(403,)),
    *(Attack(f"method {method}", GOOD, method=method, status=(405,)) for method in ("PUT", "DELETE", "PATCH", "OPTIONS")),
    Attack("forged method", {**GOOD, "_method": "DELETE", "action": "check"}, {"X-HTTP-Method-Override": "DELETE"}, status=(200,)),
    Attack("edit of nothing", {**GOOD, "edit": "../../x", "digest": "x", "action": "check"}, status=(200,)),
    Attack("translation of nothing", {**GOOD, "translate": "nope", "to": "fr"}, status=(404,)),
    Attack("translation into a path", {**GOOD, "translate": "brittany-cyberbreakfast", "to": "../x"}, status=(400,)),
    Attack("translation into its own language", {**GOOD, "translate": "brittany-cyberbreakfast", "to": "en"}, status=(400,)),
    Attack("confirm nothing", {"action": "confirm", "confirm": "../x"}, status=(404,)),
    Attack("region that is a path", {**GOOD, "regions": "../..", "action": "download"}),
    Attack("send where nothing is sent", {**GOOD, "action": "send"}, status=(503,)),
]  # fmt: skip
