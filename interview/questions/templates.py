"""Interview templates: one JSON file for each loan product, read so that a mistake is answered with its file, line and field.

A deployment's own folder comes first: a file there takes the place of the shipped one of the same name. A product without
a file of its own is interviewed with the general one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from fraudmodel.document import Node
from fraudmodel.errors import ParametersError
from interview.errors import ServiceError
from interview.questions.records import LANGUAGES, Question, QuestionSet, Role
from interview.store.codec import dumps

SHIPPED: Final = Path(__file__).parent.parent / "templates"
GENERAL: Final = "general"
"""The template of a product that has none of its own."""
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LONGEST_ANSWER_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Templates:
    """Question sets by product."""

    sets: Mapping[str, QuestionSet] = field(default_factory=dict)

    def of(self, product: str) -> QuestionSet | None:
        """The product's template, else the general one; None where there is neither."""
        return self.sets.get(product) or self.sets.get(GENERAL)


def load_templates(folder: Path | None = None) -> Templates:
    """The shipped templates, and those of ``folder`` in their place. Raises ParametersError, or ServiceError for a folder without any."""
    sets = dict(_of_folder(SHIPPED))
    if folder is not None:
        own = dict(_of_folder(folder))
        if not own:
            raise ServiceError(f"CANDOR_TEMPLATES: there is no template (PRODUCT.json) in {folder}")
        sets |= own
    return Templates(sets)


def parse_set(text: str, source: str) -> QuestionSet:
    """The template that a document holds; ``source`` is the name that people know it by. Raises ParametersError."""
    node = Node.parse(text, source)
    node.fields("version", "product", "name", "questions")
    questions = tuple(_question(each) for each in node["questions"].items())
    if not questions:
        raise node["questions"].error("must hold at least one question")
    seen: set[str] = set()
    for question, each in zip(questions, node["questions"].items(), strict=True):
        if question.id in seen:
            raise each["id"].error(f"names {question.id} a second time")
        seen.add(question.id)
    return QuestionSet(node["version"].text(), _id(node["product"]), _texts(node["name"]), questions)


def write_set(questions: QuestionSet) -> str:
    """The document of a template, as an interview keeps it."""
    return dumps(asdict(questions))


def role_of(node: Node) -> Role:
    """A question's role. Raises ParametersError for any other word."""
    return "probe" if node.choice("baseline", "probe") == "probe" else "baseline"


def _of_folder(folder: Path) -> Iterator[tuple[str, QuestionSet]]:
    for path in sorted(folder.glob("*.json")):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise ParametersError(f"{path.name}: not UTF-8 text, {error.reason}") from None
        found = parse_set(text, path.name)
        if found.product != path.stem:
            raise ParametersError(
                f"{path.name}: product is {found.product!r}, and the file's name says {path.stem!r}"
            )
        yield found.product, found


def _question(node: Node) -> Question:
    node.fields("id", "role", "text", "expected_s")
    expected_s = node["expected_s"].positive()
    if expected_s > _LONGEST_ANSWER_S:
        raise node["expected_s"].error(f"must be at most {_LONGEST_ANSWER_S:g} s; it is {expected_s:g}")
    return Question(_id(node["id"]), role_of(node["role"]), _texts(node["text"]), expected_s)


def _texts(node: Node) -> Mapping[str, str]:
    node.fields(*LANGUAGES)
    return {language: node[language].text().strip() for language in LANGUAGES}


def _id(node: Node) -> str:
    text = node.text()
    if not _ID.fullmatch(text):
        raise node.error(f"must be letters, digits, '.', '_' or '-', 40 at most; it is {text!r}")
    return text
