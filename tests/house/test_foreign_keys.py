"""What an import linter cannot see: how tables point at each other."""

from __future__ import annotations

import configparser

from django.apps import apps
from django.db import models

from tests.house.sources import ROOT

LINTER = configparser.ConfigParser()
LINTER.read(ROOT / ".importlinter")


def steps(contract: str) -> dict[str, int]:
    """Package to step, the lowest being 0; siblings share a step."""
    lines = [
        line.strip() for line in LINTER[f"importlinter:contract:{contract}"]["layers"].splitlines() if line.strip()
    ]
    return {name.strip(): step for step, line in enumerate(reversed(lines)) for name in line.split("|")}


FLOORS = steps("floors")
STEPS = {"paseo.platform": steps("platform"), "paseo.capabilities": steps("capabilities")}


def place(model: type[models.Model]) -> tuple[int, int]:
    """Floor and step of a model; Django's own tables lie below everything."""
    parts = apps.get_containing_app_config(model.__module__).name.split(".")
    if parts[0] != "paseo":
        return (-1, 0)
    floor = ".".join(parts[:2])
    return FLOORS[floor], STEPS.get(floor, {}).get(parts[2], 0)


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("paseo.")]


def relations() -> list[tuple[type[models.Model], models.ForeignKey]]:
    return [
        (model, field)
        for model in own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
    ]


def test_keys_point_down():
    wrong = [
        f"{field} points to {field.related_model._meta.label}"
        for model, field in relations()
        if field.related_model._meta.app_label != model._meta.app_label and place(field.related_model) >= place(model)
    ]
    assert not wrong, "\n".join(wrong)


def test_keys_across_packages_protect_and_leave_no_way_back():
    wrong = []
    for model, field in relations():
        if field.related_model._meta.app_label == model._meta.app_label:
            continue
        if field.remote_field.on_delete is not models.PROTECT:
            wrong.append(f"{field} does not PROTECT {field.related_model._meta.label}")
        if field.remote_field.related_name != "+":
            wrong.append(f'{field} has no related_name="+"')
    assert not wrong, "\n".join(wrong)


MONEY = {"amount", "price", "total", "fee", "tip", "discount", "tax", "money", "balance"}


def test_money_is_a_64_bit_integer():
    wrong = [
        str(field)
        for model in own_models()
        for field in model._meta.local_fields
        if (field.name.endswith("_minor") and not isinstance(field, models.BigIntegerField))
        or (
            isinstance(field, (models.DecimalField, models.FloatField))
            and MONEY & set(field.name.split("_"))
            and "rate" not in field.name
        )
    ]
    assert not wrong, "\n".join(wrong)


def test_stream_models_and_others_do_not_point_at_each_other():
    wrong = [
        str(field)
        for model, field in relations()
        if getattr(model, "stream", False) != getattr(field.related_model, "stream", False)
    ]
    assert not wrong, "\n".join(wrong)
