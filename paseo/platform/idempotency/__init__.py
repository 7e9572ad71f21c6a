"""A request that is sent twice is answered twice and done once.

``replay_or_run(scope, key, fingerprint, fn)`` keeps the answer of ``fn`` in ``fn``'s own transaction: either both are
there afterwards, or neither.
"""

from paseo.platform.idempotency.replay import KeyReused, forget, replay_or_run

__all__ = ["KeyReused", "forget", "replay_or_run"]
