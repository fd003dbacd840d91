"""When questions were asked in a recording, from a file: for recordings that no officer marked.

    [{"question": "q7", "number": 7, "role": "probe", "asked_s": 31.2, "answered_s": 44.0}, ...]
    {"template": "working-capital", "asked_s": {"q1": 4.0, "q3": 31.2}, "answered_s": {"q3": 44.0}}

Times are seconds of the recording, in the order in which the questions were asked. ``answered_s`` may be missing: then the next
question, or the end of the recording, ends the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fraudmodel.document import Node
from fraudmodel.errors import ParametersError
from interview.errors import MediaError
from interview.media.journal import Told
from interview.problems import NotFound
from interview.questions.records import MarkEvent, Question, QuestionSet, Role, fact_values
from interview.questions.templates import Templates, role_of

_LATEST_S = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class _Timed:
    """One question of the file, with where its times stand, for errors."""

    question: str
    number: int
    role: Role
    asked: Node
    answered: Node | None

    def marks(self) -> Iterator[tuple[Node, float, MarkEvent]]:
        yield self.asked, self.asked.number(0.0, _LATEST_S), "asked"
        if self.answered is not None:
            yield self.answered, self.answered.number(0.0, _LATEST_S), "answered"


def parse_timing(text: str, source: str, templates: Templates) -> tuple[Told, ...]:
    """The file's marks as facts, in order of media time. Raises ParametersError with the file, the line and the field."""
    node = Node.parse(text, source)
    timed = list(_of_template(node, templates) if node.is_object() else _of_list(node))
    if not timed:
        raise node.error("names no question")
    facts: list[Told] = []
    for each in timed:
        for place, t, event in each.marks():
            t_ms = round(1000 * t)
            if facts and t_ms < facts[-1].t_ms:
                raise place.error(f"is out of order: {t:g} s comes before {facts[-1].t_ms / 1000:g} s")
            facts.append(Told("question", t_ms, fact_values(each.question, each.number, each.role, event)))
    return tuple(facts)


def require_within(facts: Sequence[Told], duration_s: float | None, source: str) -> None:
    """Raises MediaError where a question lies beyond the end of the recording; None is an end that is not known yet."""
    for told in facts:
        if duration_s is not None and told.t_ms > 1000 * duration_s:
            raise MediaError(
                f"{source}: question {told.values['question']} at {told.t_ms / 1000:g} s lies beyond "
                f"the end of the recording, {duration_s:.1f} s"
            )


def _of_list(node: Node) -> Iterator[_Timed]:
    ids: dict[str, int] = {}
    for each in node.items():
        each.fields("question", "number", "role", "asked_s", optional=("answered_s",))
        question, number = each["question"].text(), each["number"].count()
        if number < 1:
            raise each["number"].error("must be 1 or more")
        if question in ids:
            raise each["question"].error(f"names {question} a second time")
        if number in ids.values():
            raise each["number"].error(f"names question {number} a second time")
        ids[question] = number
        answered = each["answered_s"] if "answered_s" in each else None  # noqa: SIM401 - a Node is no mapping
        yield _Timed(question, number, role_of(each["role"]), each["asked_s"], answered)


def _of_template(node: Node, templates: Templates) -> Iterator[_Timed]:
    node.fields("template", "asked_s", optional=("answered_s",))
    name = node["template"].text()
    if name not in templates.sets:
        raise node["template"].error(f"must be one of {', '.join(sorted(templates.sets))}; it is {name!r}")
    questions = templates.sets[name]
    answered = dict(node["answered_s"].entries()) if "answered_s" in node else {}
    asked = dict(node["asked_s"].entries())
    for question_id, place in answered.items():
        if question_id not in asked:
            raise place.error("ends an answer to a question that was not asked")
    for question_id, place in asked.items():
        number, question = _known(questions, question_id, place)
        yield _Timed(question.id, number, question.role, place, answered.get(question_id))


def _known(questions: QuestionSet, question_id: str, place: Node) -> tuple[int, Question]:
    try:
        number = questions.number(question_id)
    except NotFound:
        raise _unknown(questions, place) from None
    return number, questions.questions[number - 1]


def _unknown(questions: QuestionSet, place: Node) -> ParametersError:
    first, last = questions.questions[0].id, questions.questions[-1].id
    return place.error(f"is no question of {questions.product}: they go from {first} to {last}")
