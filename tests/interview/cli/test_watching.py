"""`candor outcomes`, `monitor`, `compare` and `report model-risk` on a service's past, from the outside."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from fraudmodel.errors import DatasetError, FitError
from fraudmodel.fusion_document import fusion_document
from fraudmodel.interview_table import read_interviews, table_bytes
from fraudmodel.monitored import SignalDrift
from fraudmodel.parameters import FUSION_FILE, load_parameters
from fraudmodel.weighing import Weighing
from interview.cli import calibrate, compare, monitor, outcomes, report
from interview.errors import MediaError, SessionError
from interview.problems import Rejected
from interview.store.records import Role
from tests.fraudmodel.test_comparison import rows
from tests.interview.monitoring.making import Past, parameters_in, past
from tests.interview.monitoring.test_canary_lines import RUN
from tests.interview.world import open_world

UNTIL = "2024-01-15T00:00"
SPANS = ("--until", UNTIL, "--days", "2", "--reference-days", "7")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Past]:
    """70 interviews and then 40 with a face that reads otherwise; ``par`` and ``flat`` are folders of parameters."""
    folder = tmp_path_factory.mktemp("service")
    parameters = parameters_in(folder / "par")
    parameters_in(folder / "flat", 0.3)
    world = open_world(folder)
    officer = world.person("li")
    world.person("chen", Role.COMPLIANCE)
    world.clock.at = datetime(2024, 1, 9, 23, tzinfo=UTC)
    first = past(world, officer, parameters, 70, fraud=0.3)
    world.clock.at = datetime(2024, 1, 13, 2, tzinfo=UTC)
    second = past(world, officer, parameters, 40, fraud=0.3, moved=2.0, noisy=0.5, seed=1)
    world.repository.close()
    whole = Past([*first.records, *second.records], {**first.fraud, **second.fraud})
    (folder / "outcomes.csv").write_text(whole.csv("2024-02-01"))
    return folder, whole


@pytest.fixture
def folder(service: tuple[Path, Past], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CANDOR_DATA_DIR", str(service[0]))
    monkeypatch.chdir(service[0])
    return service[0]


def run(app: typer.Typer, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def told(app: typer.Typer, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    done = run(app, *arguments, "--json")
    assert done.exit_code == 0, done.output + repr(done.exception)
    return json.loads(done.output.strip().splitlines()[-1])


def test_outcomes_go_in_once_and_come_out_as_they_went_in(folder: Path, service: tuple[Path, Past]) -> None:
    file = str(folder / "outcomes.csv")
    checked = told(outcomes.app, "import", file, "--as", "chen", "--check")
    assert (len(checked["added"]), checked["stored"]) == (110, False)
    assert len(told(outcomes.app, "import", file, "--as", "chen")["added"]) == 110
    again = told(outcomes.app, "import", file, "--as", "chen")
    assert (again["added"], len(again["unchanged"])) == ([], 110)
    exported = run(outcomes.app, "export").output.splitlines()
    assert exported[0] == "interview,outcome,family,confirmed_on,by,source"
    assert len(exported) == 111
    frauds = sum(line.split(",")[1] == "fraud" for line in exported[1:])
    assert frauds == sum(service[1].fraud.values())


def test_an_officer_may_not_import(folder: Path) -> None:
    done = run(outcomes.app, "import", str(folder / "outcomes.csv"), "--as", "li")
    assert isinstance(done.exception, Rejected)


def test_a_wrong_line_is_one_sentence_with_its_place(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("interview,outcome,confirmed_on,by,source\nabc,maybe,2024-02-01,R,s\n")
    done = run(outcomes.app, "import", str(file), "--as", "chen")
    assert isinstance(done.exception, DatasetError)
    assert str(done.exception) == 'wrong.csv, line 2: outcome must be fraud or bona_fide, it is "maybe"'


def test_unknown_interviews_are_told(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("interview,outcome,confirmed_on,by,source\nabc,fraud,2024-02-01,R,s\n")
    assert (
        "line 2: there is no interview abc here"
        in run(outcomes.app, "import", str(file), "--as", "chen").output
    )


def test_a_family_that_no_parameters_know_is_told(
    folder: Path, service: tuple[Path, Past], tmp_path: Path
) -> None:
    file = tmp_path / "typo.csv"
    name = service[1].records[0].id
    header = "interview,outcome,family,confirmed_on,by,source"
    file.write_text(f"{header}\n{name},fraud,imposter,2026-02-01,R,s\n")
    given = ("import", str(file), "--as", "chen", "--check")
    assert (
        "line 2: imposter is no family of the parameters (impostor, injected"
        in run(outcomes.app, *given).output
    )
    file.write_text(f"{header}\n{name},fraud,impostor,2026-02-01,R,s\n")
    assert told(outcomes.app, *given)["strange"] == []


def test_drift_is_told_with_n_and_interval(folder: Path) -> None:
    found = told(monitor.app, *SPANS)
    assert (found["reference"], found["recent"]) == (70, 40)
    assert found["spans"]["recent"]["until"].startswith("2024-01-15T00:00")
    face = next(each for each in found["signals"] if (each["kind"], each["device"]) == ("face_match", ""))
    assert set(face["statistic"]["psi"]) == {"value", "low", "high", "n"}
    assert face["chart"]["crossed"] is not None
    assert face["chart"]["highest"] > found["threshold"]
    assert any(each["signal"] == "face_match" and each["what"] == "statistic" for each in found["alerts"])
    assert any(each["what"] == "abstention" for each in found["alerts"])


def test_drift_on_the_terminal(folder: Path) -> None:
    said = " ".join(run(monitor.app, *SPANS).output.split())
    assert "40 interviews of 40 people" in said
    assert "! face_match reads more attack-like" in said
    assert "Gap: iOS, WebKit:" in said
    chinese = "".join(run(monitor.app, *SPANS, "--language", "zh-Hans").output.split())
    assert "40人的40场面审" in chinese
    assert "!face_match的读数比基准期更像攻击" in chinese
    assert "缺口：iOS,WebKit：" in chinese


def test_signals_keep_their_names_where_there_is_no_terminal_as_in_a_mail(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    said = run(monitor.app, *SPANS).output
    assert any(line.split()[:2] == ["face_match", "all"] for line in said.splitlines())
    assert "…" not in said
    told = run(outcomes.app, "discounts", "--until", "2024-02-01").output
    assert "injection_frames" in told
    assert "…" not in told


def test_a_span_that_is_too_small_is_one_sentence_and_no_reassurance(folder: Path) -> None:
    said = " ".join(
        run(monitor.app, "--until", UNTIL, "--days", "0.4", "--reference-days", "9").output.split()
    )
    assert said.count("Gap:") < 5
    assert "below 20 no change can be told of anything" in said
    assert "Nothing changed" not in said


def test_a_signal_that_one_span_never_measured_has_not_moved_by_nothing() -> None:
    drift = SignalDrift("rppg", "", 40, 30, None, 1.0, 0.0, None, 1.0, 0.0, None)
    assert monitor.moved(drift) == "+0.00"
    assert monitor.moved(replace(drift, reference=0)) == "-"


def test_a_span_without_interviews_or_a_date_that_is_none(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = str(run(monitor.app, "--until", "2020-01-01").exception)
    assert "No interview with an applicant began and ended in the reference, 2019-" in nothing
    assert "simulated ones do not count" in nothing
    assert "An instant is written as" in str(run(monitor.app, "--until", "yesterday").exception)
    monkeypatch.setenv("CANDOR_DATA_DIR", str(tmp_path / "nothing"))
    done = run(monitor.app)
    assert isinstance(done.exception, SessionError)
    assert not (tmp_path / "nothing").exists()


def test_the_calibrated_parameters_win_on_the_service_s_own_interviews(folder: Path) -> None:
    told(outcomes.app, "import", str(folder / "outcomes.csv"), "--as", "chen")
    found = told(compare.app, "flat", "par", "--until", "2024-01-13T00:00")
    assert found["fraud"] + found["bona_fide"] == 70
    assert found["differences"]["cllr"]["high"] < 0.0
    assert found["sentence"].startswith("The evidence supports par")
    assert "a person decides" in run(
        compare.app, "flat", "par", "--until", "2024-01-13T00:00"
    ).output.replace("\n", " ")


def test_parameters_that_were_fitted_on_the_table_are_told_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "table.jsonl").write_bytes(table_bytes({"seed": 0}, rows()))
    table = str(tmp_path / "table.jsonl")
    plain = told(compare.app, "flat", "par", "--table", table)
    assert (plain["fraud"], plain["bona_fide"], plain["warning"]) == (40, 200, "")
    parameters_in(tmp_path / "own")
    fusion = tmp_path / "own" / "fusion.json"
    fusion.write_text(fusion.read_text().replace("by hand", f"table {read_interviews(Path(table)).digest}"))
    assert (
        "own names this very table (table.jsonl"
        in told(compare.app, "flat", str(tmp_path / "own"), "--table", table)["warning"]
    )
    done = run(compare.app, "flat", "par", "--table", table, "--split", "none")
    assert isinstance(done.exception, DatasetError)


def figures(page: str) -> list[str]:
    """Every cell of figures, and every identifier, in their order."""
    return re.findall(r'<td class="n">.*?</td>|class="code">.*?<', page, re.DOTALL)


def test_a_prevalence_is_estimated_on_the_service_s_own_interviews_where_no_file_is_named(
    folder: Path,
) -> None:
    """They are found, and are too few for an estimate."""
    done = run(calibrate.app, "prevalence", "--until", UNTIL, "--days", "2")
    assert isinstance(done.exception, FitError)
    assert "at least 2000 interviews, there are 40" in str(done.exception)


def test_the_report_is_one_file_the_same_to_the_byte_and_names_its_gaps(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "table.jsonl").write_bytes(table_bytes({"seed": 0}, rows()))
    (tmp_path / "evaluation.json").write_text(
        json.dumps({"worst": {"species": {"value": 0.4, "low": 0.3, "high": 0.5, "n": 60}}})
    )
    (tmp_path / "canaries.json").write_text(json.dumps(RUN))
    told(outcomes.app, "import", str(folder / "outcomes.csv"), "--as", "chen")
    out = tmp_path / "page.html"
    given = (
        "--canaries",
        str(tmp_path / "canaries.json"),
        "--table",
        str(tmp_path / "table.jsonl"),
        "--evaluation",
        str(tmp_path / "evaluation.json"),
        *SPANS,
    )

    def write(language: str = "en") -> str:
        fixed = ("--date", "2026-11-29", "--parameters", "par", "--language", language)
        done = run(report.app, "model-risk", "--out", str(out), *fixed, *given)
        assert done.exit_code == 0, repr(done.exception)
        return out.read_text("utf-8")

    page = write()
    assert write() == page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page
    for said in (
        "<td>species</td>",
        "Canary recordings that no longer give what they gave, beyond 0.5 nats: call.",
        "1 of 2 lie within 0.5 nats",
        "How well L told them apart",
        "Slices of the service",
        hashlib.sha256((tmp_path / "evaluation.json").read_bytes()).hexdigest(),
        hashlib.sha256((folder / "par" / "fusion.json").read_bytes()).hexdigest(),
        "240 interviews of 80 people",
        "70, 2024-01-06",
        "made+",
        "No slice by network",
        "face_match reads more attack-like",
    ):
        assert said in page
    assert page.count("<section") == page.count("</section>")
    for language, title, alert in (
        ("zh-Hans", "模型风险报告", "face_match 的读数比基准期更像攻击"),
        ("zh-Hant", "模型風險報告", "face_match 的讀數比基準期更像攻擊"),
    ):
        other = write(language)
        assert f'<html lang="{language}">' in other
        assert f"<h1>{title}</h1>" in other
        assert alert in other
        assert figures(other) == figures(page)


def test_the_report_without_anything_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    done = run(report.app, "model-risk", "--out", str(tmp_path / "new" / "page.html"), "--date", "2026-11-29")
    assert done.exit_code == 0, repr(done.exception)
    page = (tmp_path / "new" / "page.html").read_text("utf-8")
    for gap in (
        "No evaluation of the fusion is given",
        "No table of interviews is given",
        "own interviews were not looked at",
        "No run of the canary recordings is given",
        "Nobody is named who answers for the policy",
        "Behaviour is not validated",
    ):
        assert gap in page


@pytest.mark.usefixtures("folder")
def test_the_report_says_what_weights_mean_and_what_they_were_learnt_from(tmp_path: Path) -> None:
    shipped, old = load_parameters().fusion, tmp_path / "old"
    old.mkdir()
    scaled = replace(shipped, fitted=None, weighing=Weighing.SCALED)
    (old / FUSION_FILE).write_text(fusion_document(scaled), "utf-8")
    pages = []
    for number, more in enumerate(((), ("--parameters", str(old)))):
        out = tmp_path / f"{number}.html"
        assert run(report.app, "model-risk", "--out", str(out), *more).exit_code == 0
        pages.append(out.read_text("utf-8"))
    fitted = shipped.fitted
    assert fitted is not None
    assert "A weight is the share of such frauds that disturb the signal" in pages[0]
    assert f"(content {fitted.digest}): 300 bona fide interviews and 300 frauds of 17 people" in pages[0]
    assert f"{fitted.measured['cllr'].value:.3f}" in pages[0]
    assert "A weight scales what the signal says" in pages[1]
    assert "were learnt from" not in pages[1]


def test_what_is_no_evaluation_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "evaluation.json"
    for text in ("", "[]", '{"cllr": 0.3}', "nonsense"):
        file.write_text(text)
        done = run(report.app, "model-risk", "--out", str(tmp_path / "p.html"), "--evaluation", str(file))
        assert isinstance(done.exception, MediaError), text


def test_discounts_are_told_and_written_to_a_folder_of_their_own(folder: Path, tmp_path: Path) -> None:
    told(outcomes.app, "import", str(folder / "outcomes.csv"), "--as", "chen")
    parameters = tmp_path / "sim"
    parameters_in(parameters)
    face = parameters / "face_match.json"
    document = json.loads(face.read_text())
    face.write_text(json.dumps({**document, "grade": "simulated", "discount": 0.5}))
    out = tmp_path / "new"
    given = ("discounts", "--parameters", str(parameters), "--until", UNTIL, "--days", "9")
    found = told(outcomes.app, *given, "--out", str(out))["discounts"]
    assert [each["kind"] for each in found] == ["face_match"]
    # No outcome of this service names the family of its fraud, so none counts.
    assert (found[0]["fraud"], found[0]["proposed"]) == (0, 0.5)
    assert {each.name for each in out.iterdir()} == {each.name for each in parameters.iterdir()}
    assert isinstance(run(outcomes.app, *given, "--out", str(out)).exception, SessionError)
    said = run(outcomes.app, *given).output
    assert "Before any outcome: 0.5" in " ".join(said.split())
    plain = run(outcomes.app, "discounts", "--parameters", "par", "--until", UNTIL)
    assert "No signal of these parameters was learnt from simulated attacks" in plain.output
