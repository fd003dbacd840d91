"""The console has words for every audit entry of an interview: auditNames.json is held to both sides."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import interview
import web
from interview.analysis.feeding import Event
from interview.challenges import conductor
from interview.challenges.records import Answer
from interview.store.challenges import is_over

NAMES = Path(web.__file__).parent / "console" / "src" / "review" / "auditNames.json"
"""Details by action, and reasons, which the console's own test holds to its messages."""
MISSING = f"an audit entry needs words in web/console/src/messages/*/review.ts, and its name in {NAMES.name}"
WRITERS: Final = {
    "AuditEntry",
    "_entry",
    "_advance",
    "_step",
    "write",
    "partial",
    "run_in_threadpool",
    "to_thread",
}
"""What is called with an action among its arguments, and with details as keywords."""
OF_NO_INTERVIEW: Final = ("account.", "sign_in.")


def known() -> dict[str, Any]:
    names: dict[str, Any] = json.loads(NAMES.read_text("utf-8"))
    return names


def test_every_action_has_words() -> None:
    events = {f"analysis.{event.value}" for event in Event if event is not Event.KEYFRAME_WANTED}
    written = {action for call in writes() for action in actions(call)}
    assert {action for action in written if action.endswith(".")} == {"analysis.", "browser."}
    whole = {action for action in written if not action.endswith(".")} | events
    listed = {action for action in known()["actions"] if not action.startswith("browser.")}
    assert listed == whole, MISSING


def test_every_detail_has_a_name() -> None:
    keywords = {one.arg for call in writes() if any(actions(call)) for one in call.keywords if one.arg}
    listed = {name for details in known()["actions"].values() for name in details}
    assert listed >= keywords | set(keys()), MISSING


def test_every_reason_has_words() -> None:
    asked_to_be_spared = set(get_args(Answer)) - {"ready", "refused"}
    written = asked_to_be_spared | {is_over().code} | set(reasons())
    assert set(known()["reasons"]) == written, MISSING


def nodes(*folders: Path) -> Iterator[ast.AST]:
    """Every node of every module below the folders."""
    for folder in folders:
        for file in folder.rglob("*.py"):
            yield from ast.walk(ast.parse(file.read_text("utf-8")))


def service() -> Iterator[ast.AST]:
    return nodes(Path(interview.__file__).parent, Path(web.__file__).parent / "routes")


def writes() -> Iterator[ast.Call]:
    """Every call that may write an entry."""
    for node in service():
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in WRITERS:
                yield node


def actions(call: ast.Call) -> Iterator[str]:
    """The actions among a call's arguments, such as ``link.opened``; of one that only a run can tell, ``browser.``."""
    for argument in call.args:
        match argument:
            case (
                ast.Constant(value=str(action)) | ast.JoinedStr(values=[ast.Constant(value=str(action)), *_])
            ):
                if re.fullmatch(r"[a-z_]+\.[a-z_]*", action) and not action.startswith(OF_NO_INTERVIEW):
                    yield action


def keys() -> Iterator[str]:
    """The names in every dictionary that is written as an entry's detail."""
    for node in service():
        match node:
            case ast.AnnAssign(annotation=ast.Name(id="Detail"), value=ast.Dict() as details):
                yield from texts(*filter(None, details.keys))
            case ast.Call(func=ast.Name(id="AuditEntry"), args=[*_, ast.Dict() as details]):
                yield from texts(*filter(None, details.keys))


def reasons() -> Iterator[str]:
    """Why a challenge ended, and why an acknowledgement was refused."""
    for node in nodes(Path(interview.__file__).parent / "challenges"):
        match node:
            case ast.Call(func=ast.Attribute(attr="end"), args=[_, reason]):
                yield from texts(reason)
            case ast.Call(func=ast.Attribute(attr="cancel_open"), args=[reason, *_]):
                yield from texts(reason)
    for node in ast.walk(ast.parse(Path(str(conductor.__file__)).read_text("utf-8"))):
        match node:
            case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                yield code


def texts(*expressions: ast.expr) -> Iterator[str]:
    """The strings in expressions, without empty ones."""
    for expression in expressions:
        for node in ast.walk(expression):
            match node:
                case ast.Constant(value=str(text)) if text:
                    yield text
