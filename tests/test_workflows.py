"""The workflow files, run step by step against a real clone: what a forge would run, without a forge.

Every `run` is taken from its file and run with bash. In place of the forge: a checkout is a clone, a setup step is
nothing, an artifact must be there, and `python -m pip install` only has its lock file looked at, since the packages of
the tests are those that it names.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.builders import practice_text, translation_text
from tests.conftest import DICTIONARIES, ROOT
from tests.repositories import commit_all, git

GITHUB, GITLAB = ROOT / ".github/workflows/practices.yml", ROOT / ".gitlab-ci.yml"
PROGRAM = ("indexer.py", "pyproject.toml", "requirements.txt", "search", "web", "vocabulary", "docs")
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
PYTHON = """#!/bin/sh
case "$*" in
  "-m pip install"*) for last; do :; done; echo "pip $*" >> "$CALLS"; exec test -f "$last" ;;
esac
exec {python} "$@"
"""
POISON = 'import pathlib\npathlib.Path({marker!r}).write_text("the contributor\'s code was run")\n'
POISONED = (
    "indexer.py",
    "search/__init__.py",
    "web/__init__.py",
    "sitecustomize.py",
    "conftest.py",
    "practices/indexer.py",
    "practices/yaml.py",
    "practices/sitecustomize.py",
    "practices/at/search/__init__.py",
)


@dataclass
class Done:
    """What came of the steps: which failed, what they printed, and what they left."""

    folder: Path
    printed: str = ""
    failed: list[str | Path] = field(default_factory=list)
    artifacts: list[Path] = field(default_factory=list)
    summary: str = ""

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    """A repository with the program and some practices, one of which was broken before anybody came."""
    folder = tmp_path_factory.mktemp("upstream")
    git(folder, "init", "--quiet", "--initial-branch=main")
    for name in PROGRAM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    write(folder, "at/repair-cafe.md", practice_text())
    write(folder, "at/repair-cafe.fr.md", translation_text())
    write(folder, "at/broken-before.md", practice_text(barriers=["unheard-of"]))
    commit_all(folder)
    return folder


@pytest.fixture
def branch(upstream, tmp_path):
    """A clone of it at the branch of a request, to be changed and pushed."""
    git(tmp_path, "clone", "--quiet", str(upstream), "fork")
    fork = tmp_path / "fork"
    name = f"request-{tmp_path.name}"
    git(fork, "switch", "--quiet", "-c", name)

    def push():
        head = commit_all(fork)
        git(fork, "push", "--quiet", "origin", f"HEAD:refs/heads/{name}", "HEAD:refs/pull/7/head", "--force")
        return head

    return fork, push


def write(folder, name, text):
    path = folder / "practices" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def environment(folder, **more):
    """What a forge's machine has: no settings of ours, and a Python with the packages of the lock file."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "python").write_text(PYTHON.format(python=shlex.quote(sys.executable)))
    (programs / "python").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRACTICES_", "PYTHON", "GIT"))}
    return kept | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "CALLS": str(folder / "calls.txt"),
        "PRACTICES_DICTIONARIES_DIR": str(DICTIONARIES),
        **more,
    }


def bash(script, folder, env, options=("-eo", "pipefail")):
    return subprocess.run(
        ["bash", "--noprofile", "--norc", *options, "-c", script],
        cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def run_github(upstream, folder, head, association="CONTRIBUTOR"):
    """Run the job of the workflow for GitHub."""
    workflow = yaml.safe_load(GITHUB.read_text("utf-8"))
    [job] = workflow["jobs"].values()
    values = {
        "github.event.pull_request.base.sha": git(upstream, "rev-parse", "main"),
        "github.event.pull_request.number": "7",
        "github.event.pull_request.author_association": association,
        "vars.PRACTICES_BASE_URL": "",
    }

    def filled(part):
        if isinstance(part, dict):
            return {name: filled(value) for name, value in part.items()}
        return EXPRESSION.sub(lambda found: values[found[1]], part) if isinstance(part, str) else part

    done = Done(folder)
    shared = filled(workflow["env"]) | {"GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    defaults = workflow["defaults"]["run"]
    for step in job["steps"]:
        condition = step.pop("if", None)
        assert condition in (None, "${{ !cancelled() }}")
        if done.failed and condition is None:
            continue
        if "uses" in step:
            use(filled(step), upstream, folder, done)
            continue
        assert defaults["shell"] == "bash"
        place = folder / step.get("working-directory", defaults["working-directory"])
        result = bash(step["run"], place, environment(folder, **shared, **filled(step.get("env", {}))))
        done.printed += result.stdout + result.stderr
        if result.returncode:
            done.failed.append(f"{step['name']}: {result.returncode}")
    summary = folder / "summary.md"
    done.summary = summary.read_text("utf-8") if summary.exists() else ""
    assert git(upstream, "rev-parse", "refs/pull/7/head") == head
    return done


def use(step, upstream, folder, done):
    """What an action does."""
    name, options = step["uses"].split("@")[0], step.get("with", {})
    if name == "actions/checkout":
        assert options["persist-credentials"] is False
        checkout(upstream, folder / options["path"], options)
    elif name == "actions/upload-artifact":
        made = folder / options["path"]
        (done.artifacts if made.is_dir() else done.failed).append(made)
    else:
        assert name == "actions/setup-python"
        assert (folder / options["cache-dependency-path"]).is_file()


def checkout(upstream, target, options):
    git(target.parent, "init", "--quiet", target.name)
    git(target, "remote", "add", "origin", upstream.as_uri())
    refs = [options["ref"]] + (["+refs/heads/*:refs/remotes/origin/*"] if options.get("fetch-depth") == 0 else [])
    depth = [] if options.get("fetch-depth") == 0 else ["--depth=1"]
    git(target, "fetch", "--quiet", *depth, "origin", *refs)
    if "sparse-checkout" in options:
        git(target, "sparse-checkout", "set", "--no-cone", *options["sparse-checkout"].split())
    fetched = git(target, "rev-parse", "FETCH_HEAD")
    git(target, "checkout", "--quiet", "--detach", fetched)


def run_gitlab(upstream, folder, fork):
    """Run the job of the pipeline for GitLab."""
    pipeline = yaml.safe_load(GITLAB.read_text("utf-8"))
    job = pipeline["practices"]
    bare = folder / "project.git"
    git(folder, "clone", "--quiet", "--bare", str(upstream), str(bare))
    work = folder / "build"
    git(folder, "clone", "--quiet", str(fork), str(work))
    env = environment(
        folder, CI_MERGE_REQUEST_PROJECT_URL=str(folder / "project"), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main"
    )
    result = bash("\n".join(job["script"]), work, env)
    done = Done(work, printed=result.stdout + result.stderr)
    if result.returncode:
        done.failed.append(f"practices: {result.returncode}")
    paths = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["codequality"]]
    done.artifacts = [work / path for path in paths if (work / path).exists()]
    return done


def test_a_good_request_is_checked_shown_and_welcomed(upstream, branch, tmp_path):
    fork, push = branch
    write(fork, "at/tool-library.md", practice_text(title="Tool library: neighbours lend each other tools in Vienna"))
    done = run_github(upstream, tmp_path, push(), association="FIRST_TIME_CONTRIBUTOR")
    assert done.failed == [], done.printed
    assert "::error" not in done.printed
    assert re.search(r"^::notice file=practices/at/tool-library\.md,line=1", done.printed, re.MULTILINE)
    assert sorted(path.name for path in done.artifacts[0].glob("*.html")) == ["index.html", "tool-library.html"]
    assert done.summary.startswith("## Welcome")
    assert "tool-library" in done.summary
    assert "Evidence" in done.summary
    assert "`repair-cafe`" in done.summary.partition("same as")[2]  # a likely duplicate
    assert (tmp_path / "calls.txt").read_text().strip().endswith("requirements.txt")


def test_a_bad_request_is_told_where_and_what(upstream, branch, tmp_path):
    fork, push = branch
    write(fork, "at/repair-cafe.md", practice_text(barriers=["skils"], summary="Too short."))
    done = run_github(upstream, tmp_path, push())
    assert done.failed == ["Check what changed: 1"], done.printed
    errors = re.findall(r"^::error file=(.+?),line=(\d+),.*::(.+)$", done.printed, re.MULTILINE)
    assert ("practices/at/repair-cafe.md", "6") in [error[:2] for error in errors]
    assert "skils" in str(errors)
    assert "skils" in done.summary
    assert "Welcome" not in done.summary
    assert "errors are mended" in (done.artifacts[0] / "index.html").read_text("utf-8")


def test_only_what_changed_is_checked(upstream, branch, tmp_path):
    fork, push = branch
    write(fork, "at/tool-library.md", practice_text(title="Tool library"))
    done = run_github(upstream, tmp_path, push())
    assert "broken-before" not in done.printed + done.summary
    assert not (tmp_path / "content" / "indexer.py").exists()


def test_translations_that_are_now_older_are_named(upstream, branch, tmp_path):
    fork, push = branch
    write(fork, "at/repair-cafe.md", practice_text(title="Repair café: neighbours mend bicycles in Vienna"))
    done = run_github(upstream, tmp_path, push())
    assert done.failed == [], done.printed
    assert "at/repair-cafe.fr.md" in done.summary


def test_what_was_deleted_fails_nothing(upstream, branch, tmp_path):
    fork, push = branch
    (fork / "practices/at/repair-cafe.fr.md").unlink()
    done = run_github(upstream, tmp_path, push())
    assert done.failed == [], done.printed
    assert "repair-cafe.fr.md" in done.summary


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_nothing_that_a_request_brings_is_run(upstream, branch, tmp_path, forge):
    fork, push = branch
    marker = tmp_path / "marker"
    poison = POISON.format(marker=str(marker))
    for name in POISONED:
        (fork / name).parent.mkdir(parents=True, exist_ok=True)
        (fork / name).write_text(poison)
    (fork / "vocabulary/barriers.yaml").write_text("scheme: barriers\ntitle: {}\nconcepts: []\n")
    (fork / "requirements.txt").write_text("evil==1.0\n")
    (fork / "practices/.gitattributes").write_text("*.md filter=evil diff=evil\n")
    write(fork, "at/tool-library.md", practice_text(title="Tool library", barriers=["skils"]))
    head = push()
    done = run_github(upstream, tmp_path, head) if forge == "github" else run_gitlab(upstream, tmp_path, fork)
    assert not marker.exists()
    assert len(done.failed) == 1, done.printed  # the misspelt barrier, said by the program of the base branch
    assert "skils" in done.printed


def test_a_folder_of_practices_that_is_a_link_is_refused(upstream, branch, tmp_path):
    fork, push = branch
    shutil.move(fork / "practices", fork / "elsewhere")
    (fork / "practices").symlink_to("/etc")
    done = run_github(upstream, tmp_path, push())
    assert done.failed[0] == "See that the practices are a folder and no link: 1"


def test_gitlab_gets_its_report_the_summary_and_the_preview(upstream, branch, tmp_path):
    fork, push = branch
    write(fork, "at/tool-library.md", practice_text(title="Tool library", barriers=["skils"]))
    write(fork, "at/seed-library.md", practice_text(title="Seed library: neighbours lend each other seeds"))
    push()
    done = run_gitlab(upstream, tmp_path, fork)
    assert done.failed == ["practices: 1"], done.printed
    assert "practices/at/tool-library.md:6:12: barriers" in done.printed
    report = json.loads(done.read("gl-code-quality-report.json"))
    needed = {"description", "check_name", "fingerprint", "severity", "location"}
    assert all(needed <= entry.keys() for entry in report)
    assert {entry["location"]["path"] for entry in report} == {
        "practices/at/tool-library.md",
        "practices/at/seed-library.md",
    }
    assert len({entry["fingerprint"] for entry in report}) == len(report)
    assert "Welcome" in done.read("summary.md")
    assert sorted(path.name for path in (done.folder / "preview").glob("*.html")) == ["index.html", "seed-library.html"]
    assert len(done.artifacts) == 3


def test_gitlab_passes_a_good_request(upstream, branch, tmp_path):
    fork, push = branch
    write(fork, "at/seed-library.md", practice_text(title="Seed library: neighbours lend each other seeds"))
    push()
    done = run_gitlab(upstream, tmp_path, fork)
    assert done.failed == [], done.printed


def test_the_workflow_may_only_read_and_knows_no_secret():
    text = GITHUB.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    assert "pull_request_target" not in text
    for job in workflow["jobs"].values():
        # What a contributor can choose stands in no script: bash would run it.
        assert [step for step in job["steps"] if "${{" in step.get("run", "")] == []


def test_every_folder_is_tested_by_a_job_of_gitlab():
    [rule, _] = yaml.safe_load(GITLAB.read_text("utf-8"))["test"]["rules"]
    named = set(re.search(r"\{(.+)\}", str(rule["changes"]))[1].split(","))
    tracked = git(ROOT, "ls-tree", "-d", "--name-only", "HEAD").split()
    assert {name for name in tracked if not name.startswith(".")} == named | {"practices"}


def test_the_forms_of_issues_are_ones_that_github_takes():
    forms = [path for path in sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")) if path.stem != "config"]
    for path in forms:
        form = yaml.safe_load(path.read_text("utf-8"))
        assert {"name", "description", "body"} <= form.keys()
        fields = [field for field in form["body"] if field["type"] != "markdown"]
        assert all(
            field["type"] in {"input", "textarea", "dropdown"} and field["attributes"]["label"] for field in fields
        )
        assert len({field["id"] for field in fields}) == len(fields)
        assert (ROOT / f".gitlab/issue_templates/{path.stem}.md").is_file()
