"""Writes the service's OpenAPI document, from which the console's types are generated: ``python -m web.openapi PATH``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from web.app import include_routes, operation_id


def document() -> dict[str, Any]:
    """The OpenAPI document. It depends on the routes alone: no service runs, and the version is not in it."""
    app = FastAPI(title="Candor", version="1", generate_unique_id_function=operation_id)
    include_routes(app)
    described = app.openapi()
    for operations in described["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if "content" in response:
                    response["content"] = _content(status, response["content"])
    return described


def _content(status: str, content: dict[str, Any]) -> dict[str, Any]:
    """What FastAPI gets wrong: errors are JSON whatever the route answers, and an event stream is not one string."""
    if status.startswith(("4", "5")):
        return {"application/json": next(iter(content.values()))}
    for media in content.values():
        if "oneOf" in media.get("schema", {}):
            media["schema"].pop("type", None)
    return content


def text() -> str:
    """The document as it is committed: sorted, so that a change of order changes nothing."""
    return json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the document to the path given, or to standard output."""
    if len(arguments) > 1:
        sys.stderr.write("usage: python -m web.openapi [PATH]\n")
        return 2
    if arguments:
        Path(arguments[0]).write_text(text(), encoding="utf-8")
    else:
        sys.stdout.write(text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
