"""The ``hallway`` command: reads what was typed, prepares Django, and hands over to the part that does the work.

Whatever goes wrong ends as one sentence on stderr and exit code 2.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from hallway.kit.refusal import Refusal

from . import starting

FORMATS = ("frab-xml", "frab-json", "ical", "sessionize", "csv")
OURS = ("serve", "demo", "work", "import", "export", "backup", "restore", "manage")


class OneSentence(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence, without repeating the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See: {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """Everything ``hallway`` understands, except Django's own commands."""
    top = OneSentence(prog="hallway", description="Run Hallway, and move things in and out of it.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=OneSentence)

    one = commands.add_parser("serve", help="serve the pages; the first start makes everything it needs")
    one.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    one.add_argument("--port", type=_port, default=8000, help="port to listen on (%(default)s)")
    _data_folder(one)
    one.add_argument("--unsupervised", action="store_true", help=argparse.SUPPRESS)

    one = commands.add_parser("demo", help="serve a demonstration with invented people, on this computer only")
    one.add_argument("--port", type=_port, default=8000, help="port to listen on (%(default)s)")
    _data_folder(one)
    one.add_argument("--unsupervised", action="store_true", help=argparse.SUPPRESS)

    one = commands.add_parser("work", help="work off what is due (mail, reminders, deliveries) until stopped")
    one.add_argument("--once", action="store_true", help="work off what is due now, then end")
    _data_folder(one)

    one = commands.add_parser("import", help="read a programme from a file of another tool")
    one.add_argument("file", metavar="FILE", help="frab schedule.xml or .json, iCalendar, a Sessionize view, or CSV")
    one.add_argument("--community", required=True, metavar="SLUG", help="who it belongs to; made if it is missing")
    one.add_argument("--zone", help="where its times are (Europe/Paris); else as the file says, else as the community")
    one.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")
    one.add_argument("--json", action="store_true", help="print the report as JSON")

    one = commands.add_parser("export", help="write the programme of an event for another tool")
    one.add_argument("event", metavar="EVENT", help="the event's slug, as in its address /e/EVENT/")
    one.add_argument("--format", required=True, choices=FORMATS, help="%(choices)s")
    one.add_argument("-o", "--output", metavar="FILE", help="where to write it (standard output)")

    one = commands.add_parser("backup", help="write everything into one file, while the server runs")
    one.add_argument("file", metavar="FILE", type=Path, help="a new .tar.gz; it holds the secret key: keep it safe")
    _data_folder(one)

    one = commands.add_parser("restore", help="bring back what backup wrote; the server must be stopped")
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("--force", action="store_true", help="replace what is in the data folder")
    _data_folder(one)

    commands.add_parser("manage", help="any of Django's own commands: hallway manage migrate", add_help=False)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, or 2 after one sentence on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hallway.site.settings")
    if given[:1] == ["manage"] or _is_django_command(given):
        return _manage(given[1:] if given[:1] == ["manage"] else given)
    args = parser().parse_args(given)
    if getattr(args, "data", None):
        os.environ["HALLWAY_DATA"] = str(args.data)
    try:
        return HANDLERS[args.command](args) or 0
    except Refusal as refusal:
        return _say(str(refusal.sentence))
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _say(f"{error.filename or args.command}: {error.strerror or error}.")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 65_536:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return port


def _data_folder(one: argparse.ArgumentParser) -> None:
    one.add_argument("--data", metavar="DIR", type=Path, help="the data folder (HALLWAY_DATA, else ./data)")


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def _is_django_command(given: list[str]) -> bool:
    """Whether this is one of Django's own, which may be called without ``manage`` before it."""
    if not given or given[0].startswith("-") or given[0] in OURS:
        return False
    from django.core.management import get_commands

    return given[0] in get_commands()


def _manage(given: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hallway", *given])
    return 0


def _supervised(host: str, port: int, *command: str) -> int:
    """Run the same command in a child and bring it back when it dies. This process stays small: it loads no Django."""
    from hallway.front.supervisor import supervise

    starting.refuse_taken_port(host, port)
    return supervise([sys.executable, "-m", "hallway", *command, "--port", str(port), "--unsupervised"])


def _serve(args: argparse.Namespace) -> int | None:
    if not args.unsupervised:
        return _supervised(args.host, args.port, "serve", "--host", args.host)
    gc.disable()  # until all is loaded: a tenth of the start went into looking for garbage that is not there
    starting.set_up()
    with starting.only_server():
        starting.bring_up_to_date()
        from .serving import serve

        serve(args.host, args.port)
    return None


def _demo(args: argparse.Namespace) -> int | None:
    os.environ.setdefault("HALLWAY_DATA", str(Path("data", "demo")))
    os.environ["HALLWAY_MODE"] = "demo"
    os.environ.setdefault("HALLWAY_BASE_URL", f"http://localhost:{args.port}")
    if not args.unsupervised:
        return _supervised("127.0.0.1", args.port, "demo")
    starting.set_up()
    with starting.only_server():
        starting.bring_up_to_date()
        from .demo import prepare
        from .serving import serve

        prepare()
        address = os.environ["HALLWAY_BASE_URL"]
        print(f"Look at {address}/ and sign in as anybody by the buttons on top. Ctrl+C ends it.", flush=True)
        serve("127.0.0.1", args.port)
    return None


def _work(args: argparse.Namespace) -> int | None:
    starting.set_up()
    from hallway.kit import sweeps, wake

    if args.once:
        sweeps.run_due()
        return None
    stop = threading.Event()

    def end(*_ignored: object) -> None:
        stop.set()
        wake.sweeps()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    sweeps.work(stop)
    return None


def _import(args: argparse.Namespace) -> int | None:
    starting.set_up()
    starting.prepare_tables()
    from hallway.exchange.commands import run_import

    return run_import(args)


def _export(args: argparse.Namespace) -> int | None:
    starting.set_up()
    starting.prepare_tables()
    from hallway.exchange.commands import run_export

    return run_export(args)


def _backup(args: argparse.Namespace) -> None:
    from . import backup

    backup.write(backup.place(), args.file)
    print(f"Written: {args.file}")


def _restore(args: argparse.Namespace) -> None:
    from . import backup

    backup.restore(backup.place(), args.file, force=args.force)
    print(f"Restored from {args.file}. Start the server with: hallway serve")


HANDLERS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "serve": _serve,
    "demo": _demo,
    "work": _work,
    "import": _import,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
}
