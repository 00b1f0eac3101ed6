"""The program `practices`: read, check, build, and a door to every other command. Run by itself it means `index`."""

from __future__ import annotations

import argparse
import gc
import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from search.build import collection_fingerprint, index_folder, is_current, last_good, read_collection
from search.changes import Changes, changes_since
from search.checking import Checked, check_changed, check_folder, check_paths, values_before
from search.commands import (
    DONE,
    FAILED,
    FINDINGS,
    add_commands,
    counted_things,
    import_,
    links,
    new,
    say_problems,
    say_text,
    template,
)
from search.engine import SearchEngine
from search.engines import open_engine
from search.errors import AtlasError, Severity
from search.garbage import uncollected
from search.history import place_in_repository
from search.library import document_name
from search.messages import ENGLISH, Translations, say, say_number
from search.reports import Telling, as_github, as_gitlab, as_json, path_in_repository
from search.schema import MODELS, make_schema
from search.settings import PREFIX, Settings, describe, in_plain_words, read_settings, unknown_variables
from search.summary import Request, as_markdown
from search.vocabulary import Vocabulary, nearest, read_vocabulary

RULES_DOC = "docs/rules.md"
FORMATS = ("text", "json", "github", "gitlab", "markdown")
INTERRUPTED = 130  # as a shell reports it
WAIT_S = 600  # seconds that a build waits for another one


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns: the exit code."""
    parser = build_parser()
    options = parser.parse_args(sys.argv[1:] if argv is None else argv)
    _warn_of_variables()
    try:
        settings = read_settings(getattr(options, "config", None), _given(options))
        command = options.command or "index"
        return COMMANDS[command](options, settings)
    except ValidationError as error:
        for one in error.errors():
            _say_of_setting(str(one["loc"][0]), one)
        if options.command == "serve":
            _say_what_else_is_wrong(options, {str(one["loc"][0]) for one in error.errors()})
    except BrokenPipeError:  # whoever read the output has seen enough
        sys.stdout = None
        return DONE
    except (AtlasError, OSError, ValueError) as error:  # ValueError: a TOML file that is none
        say_text(f"practices: {error}")
    except (KeyboardInterrupt, EOFError):  # EOFError: the end of what is typed, in place of an answer
        return INTERRUPTED
    return FAILED


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options; every setting is explained below `--help`."""
    # What is not given is left out, lest a command's parser undo what stood before the command.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--config", type=Path, metavar="FILE", help="settings from a TOML file")
    shared.add_argument("--practices", dest="practices_dir", metavar="DIR", help="folder of the practice documents")
    shared.add_argument("--index", dest="index_dir", metavar="DIR", help="folder of the index")
    parser = argparse.ArgumentParser(
        prog="practices",
        parents=[shared],
        description="Good practices in a folder: check, index, search.",
        epilog="settings (from the environment, or in a TOML file without PRACTICES_ and in small letters):\n\n"
        + describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    to_index = commands.add_parser("index", parents=[shared], help="read, check and index the documents")
    to_index.add_argument("--if-changed", action="store_true", help="only where the index does not fit the documents")
    to_index.add_argument("--whole", action="store_true", help="also documents that did not change")
    to_index.add_argument(
        "--wait", type=float, default=WAIT_S, metavar="S", help="seconds to wait for another build; 0 fails at once"
    )
    to_serve = commands.add_parser("serve", parents=[shared], help="serve the site, indexing first where needed")
    to_serve.add_argument("--host", help="address to listen on")
    to_serve.add_argument("--port", help="port to listen on")
    chosen = argparse.ArgumentParser(add_help=False)
    chosen.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders; all where none is given")
    chosen.add_argument("--changed-since", metavar="REV", help="only documents that changed since a revision of git")
    to_check = commands.add_parser(
        "check", parents=[shared, chosen], help="check documents; 0 where there is only advice"
    )
    to_check.add_argument("--format", choices=FORMATS, default="text", help="form of the findings; text otherwise")
    to_check.add_argument("--language", metavar="CODE", help="language of the interface to say it in; en otherwise")
    to_preview = commands.add_parser(
        "preview", parents=[shared, chosen], help="write the pages of documents as the site will show them"
    )
    to_preview.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder to write them into")
    to_schema = commands.add_parser("schema", parents=[shared], help="print the JSON Schema of the fields, for editors")
    to_schema.add_argument("kind", nargs="?", choices=list(MODELS), default="practice", help="practice where not given")
    add_commands(commands, shared)
    commands.add_parser("config", parents=[shared], help="show the settings in force")
    return parser


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Read, check and index the documents; a broken one is reported and does not stop the rest."""
    vocabulary = read_vocabulary(settings.vocabulary_dir)
    engine = open_engine(settings, vocabulary)
    only_if_changed = getattr(options, "if_changed", False)
    whole = getattr(options, "whole", False)
    wait_s = getattr(options, "wait", WAIT_S)
    with engine.exclusive(wait_s, lambda holder: say_text(f"waiting: the index is being built by {holder}")):
        return _index(settings, vocabulary, engine, only_if_changed=only_if_changed, whole=whole)


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the site; where there is no index that can be read, build it first."""
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        say_text(f"practices: cannot listen on {settings.host} port {settings.port}: {error.strerror or error}")
        say_text("    fix: stop what uses it, or choose another with --port")
        return FAILED
    with listener:
        with uncollected():
            # Imported here: a check in an editor or a hook should not wait for a web framework to load.
            import uvicorn  # noqa: PLC0415

            from web.app import create_app  # noqa: PLC0415
            from web.observability import configure_logging  # noqa: PLC0415

            app = create_app(settings)  # before the index is built: a wrong setting is said at once
        gc.freeze()  # all of it stays
        if last_good(app.state.services.engine) is None:
            index(options, settings)
        configure_logging(settings.log_level)
        host, port = listener.getsockname()[:2]
        say_text(f"{settings.site_name}: http://{f'[{host}]' if ':' in host else host}:{port}")
        # No WebSockets: there are none, and uvicorn logs who asks for one.
        choices = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, ws="none")
        server = uvicorn.Server(choices)
        server.run(sockets=[listener])
    return DONE


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Check documents without indexing them, and say what was found in the form that is asked for."""
    language = getattr(options, "language", None)
    words = _translations(language)
    vocabulary = read_vocabulary(settings.vocabulary_dir)
    checked, changes = _checked(options, settings, vocabulary)
    if options.format == "text":
        _say_findings(checked, changes, words)
    else:
        print(_report(options.format, checked, changes, settings, vocabulary, words, language or "en"))
    if not all(path.exists() for path in options.paths):
        return FAILED
    return FINDINGS if checked.errors else DONE


def preview(options: argparse.Namespace, settings: Settings) -> int:
    """Write the pages of documents as the site will show them, from an index of their own."""
    from web.app import create_app  # noqa: PLC0415
    from web.preview import HOST, Previewed, write_preview  # noqa: PLC0415

    vocabulary = read_vocabulary(settings.vocabulary_dir)
    checked, _ = _checked(options, settings, vocabulary)
    here = settings.practices_dir.resolve()
    documents = []
    for shown in checked.paths:
        path = Path(shown).resolve()
        if not path.is_relative_to(here):
            raise ValueError(f"{shown} lies outside the collection; put it below {settings.practices_dir}")
        practice_id, language = document_name(path.name) or ("", None)
        file = path.relative_to(here).as_posix()
        problems = tuple(replace(one, path=file) for one in checked.problems if one.path == shown)
        documents.append(Previewed(file=file, id=practice_id, language=language, problems=problems))
    with TemporaryDirectory() as folder:
        chosen = {"index_dir": Path(folder), "watch": False, "public": False, "trusted_hosts": (HOST,)}
        apart = settings.model_copy(update=chosen)
        engine = open_engine(apart, vocabulary)
        engine.rebuild(read_collection(settings.practices_dir, vocabulary, _today()).library)
        options.to.mkdir(parents=True, exist_ok=True)
        written = write_preview(create_app(apart, engine), documents, options.to)
    number = sum(bool(one.page) for one in written)
    say_text(
        f"{counted_things(number, 'page')} of {counted_things(len(written), 'document')} in {options.to / 'index.html'}"
    )
    return DONE


def schema(options: argparse.Namespace, settings: Settings) -> int:
    """Print the JSON Schema of the front matter."""
    address = f"{settings.base_url.rstrip('/')}/schema/{options.kind}.json"
    made = make_schema(options.kind, read_vocabulary(settings.vocabulary_dir), address)
    print(json.dumps(made, ensure_ascii=False, indent=1))
    return DONE


def config(_options: argparse.Namespace, settings: Settings) -> int:
    """Show the settings in force, as a TOML file would hold them."""
    print(describe(settings))
    return DONE


def _checked(options: argparse.Namespace, settings: Settings, vocabulary: Vocabulary) -> tuple[Checked, Changes | None]:
    """Check the documents that the options name, and what changed where they name a revision."""
    folder = settings.practices_dir
    if options.changed_since is not None:
        changes = changes_since(folder, options.changed_since)
        return check_changed(folder, changes, vocabulary, _today(), options.paths), changes
    if options.paths:
        return check_paths(options.paths, folder, vocabulary, _today()), None
    _require_folder(folder)
    return check_folder(folder, vocabulary, _today()), None


def _index(
    settings: Settings, vocabulary: Vocabulary, engine: SearchEngine, *, only_if_changed: bool, whole: bool
) -> int:
    _require_folder(settings.practices_dir)
    fingerprint = collection_fingerprint(settings.practices_dir, settings.vocabulary_dir)
    if only_if_changed and is_current(engine, fingerprint):
        return DONE
    with _progress_bar() as bar:
        task = bar.add_task("indexing", total=None)
        collection, count = index_folder(
            settings.practices_dir,
            settings.vocabulary_dir,
            vocabulary,
            engine,
            _today(),
            whole=whole,
            progress=lambda more: bar.advance(task, more),
            begin=lambda total: bar.update(task, total=total),
        )
    errors = [problem for problem in collection.problems if problem.severity is Severity.ERROR]
    code = say_problems(errors, ENGLISH)
    if len(errors) < len(collection.problems):
        advice = counted_things(len(collection.problems) - len(errors), "piece")
        say_text(f"{advice} of advice: see them with `practices check`")
    say_text(f"{counted_things(count, 'practice')} indexed in {settings.index_dir}")
    if collection.kept:
        say_text(f"broken, so their last good version stays: {', '.join(sorted(collection.kept))}")
    if collection.left_out:
        say_text(f"broken, so left out: {', '.join(sorted(collection.left_out))}")
    return code


def _say_findings(checked: Checked, changes: Changes | None, words: Translations) -> None:
    say_problems(checked.problems, words)
    for file in sorted(changes.gone) if changes else ():
        say_text(say("{file}: deleted or renamed", file=file).in_words(words))
    for file in checked.outdated:
        say_text(say("{file}: this translation is now older than its original", file=file).in_words(words))
    if not checked.problems:
        count = len(checked.paths)
        nothing = say_number(
            "{number} document checked: nothing wrong", "{number} documents checked: nothing wrong", count
        )
        say_text(nothing.in_words(words))


def _report(
    form: str,
    checked: Checked,
    changes: Changes | None,
    settings: Settings,
    vocabulary: Vocabulary,
    words: Translations,
    language: str,
) -> str:
    """The findings in a form for programs or for a request."""
    folder = settings.practices_dir
    telling = Telling(
        words=words, language=language, path=path_in_repository(folder), rules=_rules_page(settings, language)
    )
    if form == "json":
        return as_json(checked, telling, changes)
    if form == "github":
        return as_github(checked, telling)
    if form == "gitlab":
        return as_gitlab(checked, telling)
    others = read_collection(folder, vocabulary, _today()).library if checked.documents else ()
    request = Request(
        checked=checked,
        vocabulary=vocabulary,
        changes=changes,
        others=tuple(others),
        before=lambda file: values_before(folder, changes, file) if changes else None,
    )
    return as_markdown(request, telling)


def _rules_page(settings: Settings, language: str) -> str:
    """The address of the page of the rules, "" where it is not known."""
    if settings.base_url:
        return f"{settings.base_url.rstrip('/')}/{language}/help/rules"
    place, root = place_in_repository(settings.practices_dir), settings.practices_dir.resolve()
    if place and root.as_posix().endswith(f"/{place}"):
        root = Path(root.as_posix().removesuffix(f"/{place}"))
    if not settings.repository or not (root / RULES_DOC).is_file():
        return ""
    from web.params import Repository  # noqa: PLC0415

    url = settings.repository.rstrip("/").removesuffix(".git")
    return Repository(url, place, has_program=True).of_program(RULES_DOC)


def _translations(code: str | None) -> Translations:
    """The words of a language of the interface. Raises: FileNotFoundError where there are none."""
    if code is None:
        return ENGLISH
    from web.i18n import open_languages  # noqa: PLC0415 - most checks need no catalog, and should not wait for one

    return open_languages([code], asked_in="the option --language")[code].catalog


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise NotADirectoryError(f"there is no folder {folder}; name the folder of your practices with --practices")


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises: OSError when the address is in use or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def _progress_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    return Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal)


def _given(options: argparse.Namespace) -> dict[str, str]:
    """The settings that were given as options; they come before all others."""
    names = ("practices_dir", "index_dir", "host", "port")
    return {name: value for name in names if (value := getattr(options, name, None)) is not None}


def _today() -> date:
    return datetime.now(UTC).date()


def _warn_of_variables() -> None:
    """Say which variables of the environment are misspelt: only say it, for others may set some for their own ends."""
    for name in unknown_variables(os.environ):
        meant = nearest(name.lower().removeprefix(PREFIX.lower()), Settings.model_fields)
        say_text(f"practices: warning: {name} is not a setting, and does nothing")
        say_text(f"    fix: write {PREFIX}{meant.upper()}" if meant else "    fix: delete it, if it was meant as one")


def _say_of_setting(name: str, error: Mapping[str, Any]) -> None:
    """What is wrong with a setting, as pydantic has found it."""
    if error["type"] != "extra_forbidden":
        say_text(f"practices: setting {name}: {in_plain_words(error)}")
        return
    say_text(f"practices: {name} is not a setting")
    meant = nearest(name.lower().removeprefix(PREFIX.lower()), Settings.model_fields)
    say_text(f"    fix: write {meant}" if meant else "    fix: delete it; `practices --help` explains all settings")


def _say_what_else_is_wrong(options: argparse.Namespace, wrong: AbstractSet[str]) -> None:
    """What public mode asks for besides the wrong settings, so that all is said at once."""
    from web.publisher import require_publisher  # noqa: PLC0415 - it loads a web framework

    defaults = {name: info.default for name, info in Settings.model_fields.items() if name in wrong}
    try:
        settings = read_settings(getattr(options, "config", None), {**_given(options), **defaults})
        require_publisher(settings, but=wrong)
    except ValidationError:  # the file has settings that are none
        return
    except AtlasError as error:
        say_text(f"practices: {error}")


COMMANDS = {
    "index": index,
    "serve": serve,
    "check": check,
    "preview": preview,
    "schema": schema,
    "new": new,
    "template": template,
    "import": import_,
    "links": links,
    "config": config,
}


if __name__ == "__main__":
    sys.exit(main())
