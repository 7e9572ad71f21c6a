"""Calls that Schemathesis makes up after the document, half of them with ids of things that exist."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.internal.conjecture import providers
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
PROBLEM = "application/problem+json"


class NotHelpful(AssertionError):
    """A refusal that does not say what to do."""


class Pick:
    """What the nth call takes: nothing real, half of it, all of it, in turn; and the real things one after the other."""

    def __init__(self, number: int) -> None:
        self.share = (1.0, 0.5, 0.0)[number % 3]
        self._turn = number // 3
        self._chance = random.Random(number)

    def takes_real(self) -> bool:
        return self._chance.random() < self.share

    def one_of(self, things: list[Any]) -> Any:
        return things[self._turn % len(things)] if self.share == 1.0 else self._chance.choice(things)


@dataclass(frozen=True)
class Known:
    """Real things by the name of the field or parameter they belong in; headers by their name.

    ``besides`` are fields that the document lets out but the call needs here, sent along with all real ids.
    """

    ids: Mapping[str, list[Any]]
    headers: Mapping[str, list[str]] = field(default_factory=dict)
    besides: Mapping[str, Any] = field(default_factory=dict)

    def but(self, headers: Mapping[str, list[str]] | None = None, **ids: list[Any]) -> Known:
        return Known({**self.ids, **ids}, {**self.headers, **(headers or {})}, self.besides)

    def put_into(self, value: Any, pick: Pick, name: str = "") -> Any:
        """``value`` with real ids where its fields are named like something known, in the share of them that ``pick`` says."""
        if name in self.ids and pick.takes_real():
            return pick.one_of(self.ids[name])
        if isinstance(value, dict):
            return {key: self.put_into(inner, pick, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.put_into(inner, pick, name.removesuffix("s")) for inner in value]
        return value


def explore(operation: Any, known: Known, *, examples: int, mode: GenerationMode) -> dict[int, int]:
    """Makes ``examples`` calls and checks every answer; returns how often each status came. Raises what a check finds."""
    seen: dict[int, int] = {}

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        pick = Pick(sum(seen.values()))
        if mode is GenerationMode.POSITIVE:
            # What was made wrong on purpose stays as it is, or the check could not tell what must be refused.
            case.path_parameters = known.put_into(dict(case.path_parameters or {}), pick)
            case.query = known.put_into(dict(case.query or {}), pick)
            case.body = known.put_into(case.body, pick)
            if pick.share == 1.0 and isinstance(case.body, dict):
                case.body |= known.besides
        wrong_headers = mode is GenerationMode.NEGATIVE and ParameterLocation.HEADER in _wrong(case)
        for name, values in known.headers.items():
            declared = name == "Authorization" or name in {one.name for one in operation.headers}
            if declared and (name not in case.headers or not wrong_headers or name == "Authorization"):
                case.headers[name] = pick.one_of(values)
        case.headers["Accept-Encoding"] = "identity"
        answer = case.call()
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        case.validate_response(answer, checks=_checks(mode, case))
        if answer.status_code >= 400:
            said = answer.json()
            if not (said["title"] and said["remedy"] and said["code"] and said["status"] == answer.status_code):
                raise NotHelpful(f"{case.method} {case.path}: {said}")
            if answer.headers["content-type"] != [PROBLEM]:
                raise NotHelpful(f"{case.method} {case.path}: {answer.headers['content-type']}")

    try:
        with _one_connection(), mock.patch.object(providers, "_get_local_constants", providers.Constants):
            # Without words from whatever modules other tests have loaded: the same calls in every run.
            call()
    except Unsatisfiable:
        # There is no way to ask for this wrongly.
        assert mode is GenerationMode.NEGATIVE
    return seen


def _wrong(case: Any) -> set[ParameterLocation]:
    """The parts of a call that were made wrong on purpose."""
    return {location for location, part in case.meta.components.items() if part.mode is GenerationMode.NEGATIVE}


def _checks(mode: GenerationMode, case: Any) -> list[Callable[..., Any]]:
    """What was made wrong must be refused; a wrong key counts only among the headers that this file replaces."""
    judge = mode is GenerationMode.NEGATIVE and _wrong(case) - {ParameterLocation.HEADER}
    return [check for check in CHECKS if judge or check is not negative_data_rejection]


def schema_of(app: Any, path: str) -> Any:
    with _one_connection():
        return schemathesis.openapi.from_wsgi(path, app)


@contextmanager
def _one_connection() -> Iterator[None]:
    """A server closes its connections between requests; these requests run inside the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def operations_of(schema: Any) -> dict[str, Any]:
    """By operation id."""
    found = [result.ok() for result in schema.get_all_operations()]
    return {one.definition.raw["operationId"]: one for one in found}
