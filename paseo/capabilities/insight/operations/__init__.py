"""Writes of insight: the fold over the log, and the recount."""

from paseo.capabilities.insight.folding import fold_new, rebuild

__all__ = ["fold_new", "rebuild"]
