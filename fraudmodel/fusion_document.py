"""A fusion as the JSON text of ``fusion.json``, which `parameters.parse_fusion` reads to the same fusion."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps

from fraudmodel.fitted import Fitted, fitted_fields
from fraudmodel.fusion import Component, Fusion, Group


def fusion_document(fusion: Fusion) -> str:
    """One line for each group, component and refit."""
    parts = [
        f'  "version": {_json(fusion.version)}',
        f'  "source": {_json(fusion.source)}',
        f'  "equivalent_cases": {_json(fusion.equivalent_cases)}',
        f'  "weighing": {_json(fusion.weighing)}',
        f'  "groups": [\n{_lines(map(_group, fusion.groups))}\n  ]',
        f'  "components": [\n{_lines(map(_component, fusion.components))}\n  ]',
    ]
    if fusion.fitted is not None:
        parts.append(f'  "fitted": {{\n{_fitted(fusion.fitted)}\n  }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _group(group: Group) -> object:
    return {"name": group.name, "kinds": list(group.kinds), "correlation": group.correlation}


def _component(component: Component) -> object:
    return {
        "family": component.family,
        "name": component.name,
        "prior": component.prior,
        "weights": dict(component.weights),
    }


def _fitted(fitted: Fitted) -> str:
    fields = [f"    {_json(name)}: {_json(value)}" for name, value in fitted_fields(fitted).items()]
    refits = ",\n".join(f"      {dumps(row, separators=(',', ':'))}" for row in fitted.refits.tolist())
    return ",\n".join([*fields, f'    "refits": [\n{refits}\n    ]'])


def _lines(rows: Iterable[object]) -> str:
    return ",\n".join(f"    {_json(row)}" for row in rows)


def _json(value: object) -> str:
    return dumps(value, ensure_ascii=False)
