"""An interview keeps the parameters, the policy and the prior that it was made with: live, after a restart and in every re-run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
import sqlalchemy as sa

from fraudmodel.assessment import FraudAssessment
from fraudmodel.errors import ParametersError
from fraudmodel.parameters import load_parameters
from fraudmodel.policy import load_policy
from interview.analysis.stack import assessor
from interview.audit import AuditLog
from interview.bootstrap import build, rules_of
from interview.live.specification import spec_of
from interview.problems import Rejected
from interview.rules import Rules, load_rules, note_rules
from interview.sessions import Deployment, Sessions
from interview.settings import Settings
from interview.store.repository import Repository
from interview.store.schema import DocumentRow
from tests.interview.world import World, form, open_world

FITTED = Path(str(files("fraudmodel") / "fitted"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Parameters and a policy of the deployment's own."""
    own = tmp_path / "own"
    shutil.copytree(FITTED, own)
    return own


def rules(folder: Path) -> Rules:
    return load_rules(str(folder), str(folder / "policy.json"))


def under(world: World, rules: Rules, prior: float = 0.005) -> Sessions:
    """The service as it is once it was started with these rules."""
    deployment = Deployment(rules, prior, timedelta(hours=24))
    return Sessions(world.repository, world.events, world.signer, deployment, world.clock.now)


def assessed(repository: Repository, session_id: str) -> FraudAssessment:
    """As a worker does it, and every re-run."""
    record = repository.interviews.get(session_id)
    return assessor(spec_of(record, {}, repository.documents.rulebook(session_id)), {}).assess(1.0)


def test_what_is_changed_under_the_same_path_changes_nothing_in_an_interview(
    world: World, folder: Path, tmp_path: Path
) -> None:
    officer = world.person()
    old = under(world, rules(folder), prior=0.01).create(officer, form())
    before = assessed(world.repository, old.id)
    for name, a, b in (
        ("policy.json", '"missed_fraud": 10000', '"missed_fraud": 90000'),
        ("fusion.json", '"equivalent_cases": 20', '"equivalent_cases": 30'),
    ):
        text = (folder / name).read_text("utf-8")
        assert a in text
        (folder / name).write_text(text.replace(a, b), "utf-8")
    new = under(world, rules(folder), prior=0.02).create(officer, form())
    shutil.rmtree(folder)
    world.repository.close()
    again = open_world(tmp_path)
    assert assessed(again.repository, old.id) == before
    assert (before.prior, before.policy, before.calibration) == (0.01, old.policy, old.parameters)
    later = assessed(again.repository, new.id)
    assert (later.prior, later.policy, later.calibration) == (0.02, new.policy, new.parameters)
    assert later.policy != before.policy
    assert later.calibration != before.calibration
    again.repository.close()


def test_the_same_documents_are_kept_once(world: World) -> None:
    officer = world.person()
    for _ in range(3):
        world.interview(officer)
    with world.repository.documents._database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DocumentRow)) == 2


def test_each_product_has_its_own_policy(world: World) -> None:
    examples = load_rules(policy=str(files("fraudmodel") / "examples"), products=["equipment", "trade"])
    sessions, officer = under(world, examples), world.person()
    made = {
        product: sessions.create(officer, replace(form(), product=product))
        for product in ("working-capital", "equipment", "trade")
    }
    asked = {product: assessed(world.repository, each.id).proposal for product, each in made.items()}
    assert {product: each and each.products for product, each in asked.items()} == {
        "working-capital": ("working-capital",),
        "equipment": ("default",),
        "trade": ("trade",),
    }
    assert len({each.policy for each in made.values()}) == 3


def test_a_product_without_a_policy_gets_no_interview(world: World, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    shutil.copy(FITTED.parent / "examples" / "trade.json", tmp_path / "p")
    only = load_rules(policy=str(tmp_path / "p"))
    with pytest.raises(Rejected, match='no policy for the product "working-capital"'):
        under(world, only).create(world.person(), form())


def test_the_start_is_refused_with_the_line_and_interviews_stay_as_they_are(
    world: World, folder: Path
) -> None:
    session = under(world, rules(folder)).create(world.person(), form())
    before = assessed(world.repository, session.id)
    text = (folder / "policy.json").read_text("utf-8")
    (folder / "policy.json").write_text(text.replace('"referral": 150', '"referral": -150'), "utf-8")
    settings = Settings(_env_file=None, policy=str(folder / "policy.json"))  # type: ignore[call-arg]
    with pytest.raises(ParametersError, match=r"policy\.json, line 7: costs\.referral must be above 0"):
        rules_of(settings)
    (folder / "face_pad.json").write_text("{\n  broken", "utf-8")
    with pytest.raises(ParametersError, match=r"face_pad\.json, line 2: not JSON"):
        rules_of(Settings(_env_file=None, parameters=str(folder)))  # type: ignore[call-arg]
    assert assessed(world.repository, session.id) == before


def test_a_service_does_not_start_with_a_policy_that_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    """Nothing was made or opened by then: what lies in the data folder is as it was."""
    (folder / "policy.json").write_text('{\n "version": 7', "utf-8")
    settings = Settings(data_dir=tmp_path / "var", policy=str(folder / "policy.json"))
    with pytest.raises(ParametersError, match=r"policy\.json, line 2: not JSON"):
        build(settings, tmp_path)
    assert not (tmp_path / "var").exists()


def test_a_configured_product_without_a_policy_is_refused_at_the_start(tmp_path: Path) -> None:
    shutil.copy(FITTED.parent / "examples" / "trade.json", tmp_path)
    with pytest.raises(ParametersError, match='no policy for the product "working-capital"'):
        rules_of(Settings(_env_file=None, policy=str(tmp_path)))  # type: ignore[call-arg]


def test_a_document_that_was_changed_in_the_database_is_never_used(world: World) -> None:
    session = world.interview(world.person())
    with world.repository.documents._database.writing() as writing:
        row = writing.scalars(sa.select(DocumentRow).where(DocumentRow.body.contains("missed_fraud"))).one()
        row.body = row.body.replace("10000", "1")
    with pytest.raises(Rejected, match="was changed in the database"):
        world.repository.documents.rulebook(session.id)


def test_an_interview_from_before_there_were_documents_is_read_by_name(world: World) -> None:
    session = world.interview(world.person())
    with world.repository.documents._database.writing() as writing:
        writing.execute(
            sa.text(
                "UPDATE interview SET parameters_digest = NULL, policy_digest = NULL, parameters = 'default', policy = 'default'"
            )
        )
    assert world.repository.documents.rulebook(session.id) is None
    found = assessed(world.repository, session.id)
    assert (found.policy, found.calibration) == (load_policy().version, load_parameters().version)


def test_what_comes_into_force_is_noted_once_with_who_answers_for_it(world: World, folder: Path) -> None:
    log = AuditLog(world.repository.audit, world.clock.now)

    def noted() -> list[dict[str, object]]:
        everything = world.repository.audit.everything()
        return [dict(each.detail) for each in everything if each.action == "rules.in_force"]

    note_rules(load_rules(), world.repository.audit, log)
    note_rules(load_rules(), world.repository.audit, log)
    assert len(noted()) == 1
    text = (folder / "policy.json").read_text("utf-8")
    signed = '"product": "default", "approved_by": "Wang", "approved_on": "2026-11-20"'
    (folder / "policy.json").write_text(text.replace('"product": "default"', signed), "utf-8")
    note_rules(rules(folder), world.repository.audit, log)
    note_rules(load_rules(), world.repository.audit, log)
    assert len(noted()) == 3
    assert str(noted()[1]["policy.policy.json"]).endswith("for default, Wang 2026-11-20")
    assert noted()[0] == noted()[2]
