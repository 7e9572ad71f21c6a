"""What the OpenAPI document says beside the shapes: headers, and how a no looks."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

_JSON = "application/problem+json"


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"parameters": [{"in": "header", "name": name, "required": True, "description": description,
                            "schema": {"type": "string", **schema}}]}  # fmt: skip


DEVICE = _header("Paseo-Visitor", "A random UUID that your app makes once and keeps for this device.", format="uuid")
ORDER_KEY = _header("Paseo-Order-Key", "The access_token of the order.", minLength=1, maxLength=200)
REPEATABLE = _header(
    "Idempotency-Key",
    "Of your own making, such as a UUID. Send the same key with the same call again and you get the first answer.",
    minLength=1,
    maxLength=200,
    pattern="^[!-~]+$",
)

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Why something was not done (RFC 9457): what happened, what it means, what one can do.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "minLength": 1, "description": "What happened"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "pattern": "^[a-z0-9_.]+$", "description": "Stable; made for programs"},
        "meaning": {"type": "string", "description": "What it means for money and goods"},
        "remedy": {"type": "string", "minLength": 1, "description": "What one can do"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "meaning", "remedy"],
}

_WHY = {
    "400": "The request cannot be read, or a header is missing.",
    "401": "No key, or one that opens nothing.",
    "403": "The key does not hold the right.",
    "404": "It does not exist, or is not the caller's.",
    "405": "This address does not take this method.",
    "409": "The state of things speaks against it, or an Idempotency-Key was used for another call.",
    "413": "The request is too large.",
    "422": "A field is missing or wrong.",
    "429": "Too often; Retry-After says how long to wait.",
}


def with_(*extras: dict[str, Any]) -> dict[str, Any]:
    """Headers of several kinds on one route."""
    return {"parameters": [parameter for extra in extras for parameter in extra["parameters"]]}


def _problems(method: str, entry: dict[str, Any]) -> dict[str, Any]:
    statuses = {"400", "404", "422"}
    if entry.get("security"):
        statuses |= {"401", "403", "429"}
    if method != "get":
        statuses |= {"409", "413"}
    return {
        status: {
            "description": _WHY[status],
            "content": {_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            **({"headers": {"Retry-After": {"schema": {"type": "string"}}}} if status == "429" else {}),
        }
        for status in sorted(statuses)
    }


class DescribedAPI(NinjaAPI):
    """An API whose document tells its refusals, too."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for scheme in schema["components"].get("securitySchemes", {}).values():
            scheme["description"] = "A key that an owner has made in the console."
        for path in schema["paths"].values():
            for method, entry in path.items():
                entry["responses"] |= _problems(method, entry)
        return schema
