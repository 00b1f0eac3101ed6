"""Remotes for tests: real bare repositories, whose hooks and HTTP server do what the forges document."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from search.settings import Settings
from tests.builders import practice_text

TOKEN = "zz-secret-token"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Maintainer",
    "GIT_AUTHOR_EMAIL": "info@example.org",
    "GIT_COMMITTER_NAME": "Maintainer",
    "GIT_COMMITTER_EMAIL": "info@example.org",
}

# GitLab, docs.gitlab.com/topics/git/commit: push options open a merge request, whose address is told after the push.
GITLAB_HOOK = """
import json, os, pathlib, sys
count = int(os.environ.get("GIT_PUSH_OPTION_COUNT", 0))
options = dict(os.environ[f"GIT_PUSH_OPTION_{n}"].partition("=")[::2] for n in range(count))
for line in sys.stdin:
    old, new, ref = line.split()
    if "merge_request.create" not in options:
        print("To create a merge request, visit:\\n  https://gitlab.example.org/example/atlas/-/merge_requests/new?x=1")
        continue
    made = pathlib.Path("requests.jsonl")
    number = len(made.read_text().splitlines()) + 1 if made.exists() else 1
    with made.open("a") as file:
        file.write(json.dumps({
            "title": options["merge_request.title"], "base": options["merge_request.target"],
            "text": options["merge_request.description"], "commit": new, "head": ref.removeprefix("refs/heads/"),
        }) + "\\n")
    print(f"\\nView merge request for x:\\n  https://gitlab.example.org/example/atlas/-/merge_requests/{number}\\n")
"""

# Gitea and Forgejo, AGit: a push to refs/for/<branch> becomes a pull request, by git's hook proc-receive.
AGIT_HOOK = """
import json, pathlib, subprocess, sys
def read():
    while (size := int(sys.stdin.buffer.read(4), 16)) > 0:
        yield sys.stdin.buffer.read(size - 4).decode().rstrip("\\n")
def write(*lines):
    for line in lines:
        data = line.encode()
        sys.stdout.buffer.write(b"%04x" % (len(data) + 4) + data)
    sys.stdout.buffer.write(b"0000")
    sys.stdout.buffer.flush()
list(read())
write("version=1\\0push-options")
[(old, new, ref)] = [line.split(" ", 2) for line in read()]
options = dict(line.partition("=")[::2] for line in read())
made = pathlib.Path("requests.jsonl")
before = [json.loads(line) for line in made.read_text().splitlines()] if made.exists() else []
if options["topic"] in [one["head"] for one in before]:
    write(f"ng {ref} there is one of this topic")
    sys.exit()
number = len(before) + 1
subprocess.run(["git", "update-ref", f"refs/pull/{number}/head", new], check=True)
with made.open("a") as file:
    file.write(json.dumps({
        "title": options["title"], "base": ref.removeprefix("refs/for/"), "text": options["description"],
        "commit": new, "head": options["topic"],
    }) + "\\n")
print(f"Visit the new pull request:\\n  https://gitea.example.org/example/atlas/pulls/{number}", file=sys.stderr)
write(f"ok {ref}", f"option refname refs/pull/{number}/head", "option old-oid " + 40 * "0", "option new-oid " + new)
"""


@dataclass
class Remote:
    """A bare repository with one practice on `main`, and what its forge keeps."""

    kind: str  # as the setting `forge` names it, or "plain"
    path: Path
    repository: str = ""
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  # of GitHub, in place of the usual one
    asked: list[dict[str, Any]] = field(default_factory=list)  # of GitHub: headers and body

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        done = subprocess.run(
            ["git", "--git-dir", self.path, *arguments], input=stdin, capture_output=True, check=True, env=ENVIRONMENT
        )
        return done.stdout.decode()

    def hook(self, name: str, script: str) -> None:
        path = self.path / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!{sys.executable}\n{script}")
        path.chmod(0o755)

    def refs(self) -> dict[str, str]:
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split() for line in lines)

    def commit(self, path: str, content: bytes | None) -> str:
        """Somebody else's commit on `main`; None takes a file away."""
        work = self.path.with_suffix(".work")
        if not work.exists():
            subprocess.run(["git", "clone", "-q", self.path, work], check=True, env=ENVIRONMENT, capture_output=True)
        target = work / path
        if content is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for command in (
            ["pull", "-q"],
            ["add", "--all"],
            ["commit", "-qm", "x"],
            ["push", "-q", "origin", "HEAD:main"],
        ):
            subprocess.run(
                ["git", "-C", work, *command], check=command != ["pull", "-q"], env=ENVIRONMENT, capture_output=True
            )
        return self.refs()["refs/heads/main"]

    def requests(self) -> list[dict[str, str]]:
        """What was opened: title, base, text, head, commit."""
        if self.kind == "github":
            made = [one["body"] for one in self.asked]
            return [
                {"title": one["title"], "base": one["base"], "text": one["body"], "head": one["head"],
                 "commit": self.refs().get(f"refs/heads/{one['head']}", "")}
                for one in made
            ]  # fmt: skip
        file = self.path / "requests.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def settings(self, index_dir: Path, **more: Any) -> Settings:
        chosen = {
            "repository": self.repository,
            "forge": "" if self.kind == "plain" else self.kind,
            "remote": str(self.path),
            "remote_token": TOKEN,
            "index_dir": index_dir,
            "base_url": "https://atlas.example.org",
            "requests_per_visitor": 50,
            **more,
        }
        return Settings.model_validate(chosen)


@contextmanager
def open_remote(kind: str, path: Path) -> Iterator[Remote]:
    """A remote of this kind."""
    subprocess.run(
        ["git", "init", "-q", "--bare", "--initial-branch=main", path], check=True, capture_output=True, env=ENVIRONMENT
    )
    remote = Remote(kind, path)
    remote.commit("practices/at/repair-cafe.md", practice_text().encode())
    if kind == "gitlab":
        remote.repository = "https://gitlab.example.org/example/atlas"
        remote.git("config", "receive.advertisePushOptions", "true")
        remote.hook("post-receive", GITLAB_HOOK)
    if kind == "gitea":
        remote.repository = "https://gitea.example.org/example/atlas"
        remote.git("config", "receive.advertisePushOptions", "true")
        remote.git("config", "receive.procReceiveRefs", "refs/for")
        remote.hook("proc-receive", AGIT_HOOK)
    if kind == "github":
        with _github(remote):
            yield remote
    else:
        yield remote


@contextmanager
def _github(remote: Remote) -> Iterator[None]:
    """POST /repos/{owner}/{repo}/pulls as docs.github.com/rest/pulls/pulls describes it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            remote.asked.append({"headers": dict(self.headers), "body": body})
            status, answer = self.answer(body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            if remote.answers:
                return remote.answers.pop(0)
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                return 401, {"message": "Bad credentials"}
            if self.path != "/api/v3/repos/example/atlas/pulls":
                return 404, {"message": "Not Found"}
            heads = remote.refs()
            if (
                not {"head", "base"} <= body.keys()
                or not {f"refs/heads/{body[one]}" for one in ("head", "base")} <= heads.keys()
            ):
                return 422, {"message": "Validation Failed", "errors": [{"resource": "PullRequest", "field": "head"}]}
            number = len(remote.asked)
            return 201, {"number": number, "html_url": f"{remote.repository}/pull/{number}"}

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with _serving(Handler) as address:
        remote.repository = f"{address}/example/atlas"
        yield


@contextmanager
def over_http(remote: Remote, user: str, password: str) -> Iterator[str]:
    """A remote behind git's own server for HTTP, which asks for a name and a password. Gives: its address."""
    expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    remote.git("config", "http.receivepack", "true")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers["Authorization"] != expected:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path, _, query = self.path.partition("?")
            environment = {
                **ENVIRONMENT,
                "GIT_PROJECT_ROOT": str(remote.path.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "REMOTE_USER": user,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            done = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=environment, check=True)
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in {**fields, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with _serving(Handler) as address:
        yield f"{address}/{remote.path.name}"


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """An HTTP server on this machine. Gives: its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
