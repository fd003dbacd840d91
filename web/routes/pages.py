"""The console's pages, as Vite built them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from web.deps import ServicesDep

router = APIRouter(include_in_schema=False)

NOT_BUILT: Final = "The console is not built: run `make console`, then reload this page. 控制台尚未构建。\n"


@router.get("/join/{token}")
def applicant_page(token: str, services: ServicesDep) -> Response:
    """The applicant's page, whatever the token: the page itself asks whether the link is good."""
    return _page(services.static / "join.html")


@router.get("/{path:path}")
def console(path: str, services: ServicesDep) -> Response:
    """A file of the build, or the console's page for an address within it."""
    if path == "api" or path.startswith("api/"):
        raise HTTPException(404)
    file = _within(services.static, path)
    if file is not None:
        return FileResponse(file, headers={"Cache-Control": _caching(path)})
    if "." in path.rpartition("/")[2]:
        raise HTTPException(404)
    return _page(services.static / "index.html")


def _page(path: Path) -> Response:
    if not path.is_file():
        return PlainTextResponse(NOT_BUILT, 503)
    return FileResponse(path, headers={"Cache-Control": "no-cache"})


def _within(folder: Path, path: str) -> Path | None:
    root = folder.resolve()
    file = (root / path).resolve()
    return file if file.is_relative_to(root) and file.is_file() else None


def _caching(path: str) -> str:
    # Vite names what it puts under assets/ by content.
    return "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
