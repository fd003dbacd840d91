"""Questions: the interview's template, and the officer's marks of when each was asked and answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from interview.problems import NotFound
from web import question_views, schemas
from web.auth import Own, Readable, SignedIn
from web.deps import ServicesDep
from web.errors import responses

router = APIRouter(
    prefix="/api/sessions/{session_id}/questions", tags=["questions"], responses=responses(401, 404)
)
QuestionId = Annotated[str, Path(max_length=40)]


@router.get("")
def list_questions(session: Readable, services: ServicesDep) -> schemas.Questions | None:
    """The questions that the interview was created with, when each was asked and answered, and what was measured; null for one without."""
    try:
        return question_views.questions(services.questions.of_session(session.id))
    except NotFound as problem:
        if problem.code == "no_questions":
            return None
        raise


@router.post("/{question_id}/marks", status_code=201, responses=responses(403, 409, 422))
async def mark_question(
    question_id: QuestionId,
    body: schemas.QuestionMarked,
    session: Own,
    user: SignedIn,
    services: ServicesDep,
) -> schemas.Questions:
    """Mark a question now, on the media clock: asked to its end, answered, or taken back."""
    return question_views.questions(await services.questions.mark(session, question_id, body.event, user.id))
