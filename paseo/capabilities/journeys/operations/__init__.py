"""Writes of journeys."""

from paseo.capabilities.journeys.operations.forget import anonymize_before, forget_person, forget_visitors
from paseo.capabilities.journeys.operations.links import link, unlink, unlink_person
from paseo.capabilities.journeys.operations.recording import record, record_many

__all__ = [
    "anonymize_before",
    "forget_person",
    "forget_visitors",
    "link",
    "record",
    "record_many",
    "unlink",
    "unlink_person",
]
