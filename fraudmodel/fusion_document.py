"""A fusion as the JSON text of ``fusion.json``, which `parameters.parse_fusion` reads to the same fusion."""

from __future__ import annotations

from json import dumps

from fraudmodel.fitted import fitted_fields
from fraudmodel.fusion import Component, Fusion, Group


def fusion_document(fusion: Fusion) -> str:
    """One line for each group, component and refit."""
    parts = [
        f'  "version": {_json(fusion.version)}',
        f'  "source": {_json(fusion.source)}',
        f'  "equivalent_cases": {_json(fusion.equivalent_cases)}',
        f'  "groups": [\n{_lines(_json(_group(each)) for each in fusion.groups)}\n  ]',
        f'  "components": [\n{_lines(_json(_component(each)) for each in fusion.components)}\n  ]',
    ]
    if fusion.fitted is not None:
        fields = fitted_fields(fusion.fitted)
        refits = fields.pop("refits")
        assert isinstance(refits, list)  # noqa: S101 - `fitted_fields` makes it
        rows = ",\n".join(f"      {dumps(row, separators=(',', ':'))}" for row in refits)
        said = ",\n".join(f"    {_json(name)}: {_json(value)}" for name, value in fields.items())
        parts.append(f'  "fitted": {{\n{said},\n    "refits": [\n{rows}\n    ]\n  }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _group(group: Group) -> dict[str, object]:
    return {"name": group.name, "kinds": list(group.kinds), "correlation": group.correlation}


def _component(component: Component) -> dict[str, object]:
    return {
        "family": component.family,
        "name": component.name,
        "prior": component.prior,
        "weights": dict(component.weights),
    }


def _lines(rows: object) -> str:
    return ",\n".join(f"    {row}" for row in rows)  # type: ignore[attr-defined]


def _json(value: object) -> str:
    return dumps(value, ensure_ascii=False)
