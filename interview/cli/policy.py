"""``candor policy``: what a policy says, and what it would have proposed for interviews whose answer is known, before it is activated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from fraudmodel.assessment import Band
from fraudmodel.errors import DatasetError, ParametersError
from fraudmodel.interview_table import BONA_FIDE, InterviewTable
from fraudmodel.parameters import Parameters, load_parameters
from fraudmodel.policies import Policies, PolicyDocument, example_policies, load_policies
from fraudmodel.policy_simulation import GroupShares, Simulated, Simulation, simulate
from fraudmodel.policy_words import described, unmeasurable
from fraudmodel.rescoring import Candidate, fitted_on
from interview.cli.figures import per_cent, with_interval
from interview.cli.table_file import TableFile, table_of
from interview.settings import Settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

_LEAST_WIDTH = 130
_BANDS = {
    Band.PROCEED: "proceed %",
    Band.STEP_UP: "check further %",
    Band.INSUFFICIENT: "insufficient %",
    Band.REFER: "refer %",
}
Prior = Annotated[
    float | None,
    typer.Option(
        "--prior", min=1e-6, max=0.5, help="Fraud prevalence to start from; CANDOR_PRIOR by default."
    ),
]
ParametersNamed = Annotated[
    str, typer.Option("--parameters", help="Folder of parameters; CANDOR_PARAMETERS by default.")
]


@app.command()
def check(
    policy: Annotated[
        str, typer.Argument(help='A policy file, a folder with one for each product, or "default".')
    ],
    prior: Prior = None,
    parameters: ParametersNamed = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what a policy means. A mistake in it is answered with the file, the line and the field; exit status 1."""
    settings = Settings()
    policies = load_policies(policy)
    fitted = load_parameters(parameters or settings.parameters)
    policies.require_signals(fitted)
    start = prior if prior is not None else settings.prior
    products = [product.id for product in settings.products]
    uncovered, idle = _uncovered(policies, products), policies.idle(products)
    if as_json:
        documents = [_checked(each, fitted, start) for each in policies.documents]
        told = {"prior": start, "policies": documents, "uncovered": uncovered, "idle": idle}
        typer.echo(orjson.dumps(told).decode())
        return
    for each in policies.documents:
        typer.echo(f"{each.source}")
        for sentence in described(each.policy, start):
            typer.echo(f"  {sentence}")
        for warning in unmeasurable(each.policy, fitted):
            typer.echo(f"  Warning: it {warning}.")
    for warning in (*([uncovered] if uncovered else []), *idle):
        typer.echo(f"Warning: {warning}.")


@app.command("simulate")
def simulate_command(
    policy: Annotated[str, typer.Argument(help='A policy file, or "default" for the shipped one.')],
    table: TableFile = None,
    split: Annotated[str, typer.Option("--split", help="Only the rows of this split.")] = "",
    prior: Prior = None,
    against: Annotated[str, typer.Option("--against", help="Another policy, to compare it with.")] = "",
    parameters: ParametersNamed = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """How many would proceed, be checked further or be referred at the end, by family and species, with intervals, and what it would cost."""
    settings = Settings()
    start = prior if prior is not None else settings.prior
    fitted = load_parameters(parameters or settings.parameters)
    named = [_one(name, fitted) for name in (policy, *([against] if against else []))]
    candidates = [Candidate(each.source, fitted, each.policy, start) for each in named]
    read = table_of(table)
    rows = [row for row in read.rows if split in ("", row.split)]
    if not rows:
        raise DatasetError(f"{read.source}: no row is of the split {split}")
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as progress:
        task = progress.add_task("Assessing", total=len(rows) * len(candidates))
        found = simulate(candidates[0], rows, *candidates[1:], progress=lambda done: progress.advance(task))
    made_by = f"fitted on this very table ({read.digest}): its figures here are too good"
    warning = f"the parameters were {made_by}" if fitted_on(fitted, read) else ""
    if as_json:
        told = _json(found, candidates, read, split, warning)
        typer.echo(orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS).decode())
    else:
        _print(found, candidates, read, warning)


@app.command()
def examples(
    out: Annotated[Path, typer.Argument(help="The folder to write them to; it must be empty or new.")],
) -> None:
    """Write the example policies, to begin from: nobody has approved them."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ParametersError(
            f"{out} is not an empty folder: name a new one, so that no policy is overwritten"
        )
    out.mkdir(parents=True, exist_ok=True)
    for name, text in example_policies():
        (out / name).write_text(text, "utf-8")
        typer.echo(f"Written: {out / name}")


def _one(name: str, fitted: Parameters) -> PolicyDocument:
    """One policy, for these parameters; of a folder it has to be said which. Raises ParametersError."""
    if Path(name).is_dir():
        listed = ", ".join(sorted(file.name for file in Path(name).glob("*.json")))
        raise ParametersError(f"{name} is a folder: name one of its files ({listed})")
    policies = load_policies(name)
    policies.require_signals(fitted)
    return policies.documents[0]


def _uncovered(policies: Policies, products: Sequence[str]) -> str:
    try:
        policies.require(products)
    except ParametersError as error:
        return str(error)
    return ""


def _checked(document: PolicyDocument, fitted: Parameters, prior: float) -> dict[str, Any]:
    policy = document.policy
    return {
        "file": document.source,
        "version": policy.version,
        "products": list(policy.products),
        "approved_by": policy.approved_by,
        "approved_on": policy.approved_on,
        "costs": asdict(policy.costs),
        "step_up_from": policy.step_up_at,
        "refer_from": policy.refer_at,
        "minimum_coverage": policy.minimum_coverage,
        "required": [asdict(each) for each in policy.absences.checks],
        "absence": [asdict(each) for each in policy.absences.rules],
        "step_up": list(policy.step_up),
        "sentences": described(policy, prior),
        "warnings": unmeasurable(policy, fitted),
    }


def _json(
    found: Simulation, candidates: Sequence[Candidate], table: InterviewTable, split: str, warning: str
) -> dict[str, Any]:
    return {
        **asdict(found),
        "assessed": "at_the_end",
        "cost_per": 1000,
        "currency": candidates[0].policy.costs.currency,
        "prior": candidates[0].prior,
        "parameters": candidates[0].parameters.version,
        "table": table.source,
        "table_digest": table.digest,
        "split": split,
        "warning": warning,
    }


def _print(found: Simulation, candidates: Sequence[Candidate], table: InterviewTable, warning: str) -> None:
    console = Console(highlight=False, width=max(_LEAST_WIDTH, Console().width))
    first, currency = candidates[0], candidates[0].policy.costs.currency
    console.print(
        f"{found.interviews} interviews of {found.people} people ({found.frauds} frauds) in {table.source}; fraud weighed to "
        f"{100 * first.prior:g} %, parameters {first.parameters.version}.",
        markup=False,
    )
    for each in (found.policy, found.against):
        if each is not None:
            console.print(_table_of(each, found.people))
            console.print(
                f"Expected cost of 1000 interviews: {with_interval(each.cost)} {currency}", markup=False
            )
    if found.against is not None and found.saving is not None:
        console.print(
            f"Of 1000 interviews {found.policy.policy} saves {with_interval(found.saving)} {currency} against {found.against.policy}; "
            f"{found.moved} of {found.interviews} proposals differ.",
            markup=False,
        )
    if warning:
        console.print(f"Warning: {warning}.", style="yellow", markup=False)
    console.print(
        "Each interview counts as it ended: a further check that was proposed on the way, and no longer at the end, is in no figure here."
    )
    console.print("95 % intervals, over people. A person decides; nothing is rejected by a policy.")


def _table_of(each: Simulated, people: int) -> Table:
    """A row for all of them at the prior, and one for each group."""
    table = Table(box=SIMPLE_HEAD, title=each.policy, title_justify="left")
    table.add_column("")
    for heading in (*_BANDS.values(), "N", "people"):
        table.add_column(heading, justify="right")
    rows = [("all, at the prior", each.overall, people)]
    rows += [(_named(group), group.shares, group.people) for group in each.groups]
    for name, shares, count in rows:
        interviews = shares[Band.PROCEED].n
        table.add_row(name, *(per_cent(shares[band]) for band in _BANDS), str(interviews), str(count))
    return table


def _named(group: GroupShares) -> str:
    if group.species:
        return f"    {group.species}"
    return {BONA_FIDE: "bona fide", "": "fraud"}.get(group.family, f"  {group.family}")
