"""Delivery: ``run_once`` is called in a loop by the worker; ``drain`` delivers everything, for tests and demos."""

from paseo.platform.outbox.relay.loop import drain, progress, release, run_once

__all__ = ["drain", "progress", "release", "run_once"]
