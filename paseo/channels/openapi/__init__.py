"""The open API, version 1: everything a page can do, for programs of others.

Thin on purpose: parse, authorize, one call of a door, answer. Two kinds of callers:

*Buyers* (an app, a kiosk, an assistant) name their device with ``Paseo-Visitor: <uuid>``, which they make once and keep.
An order answers with an access token that opens it later.

*Keys* (``Authorization: Bearer …``) belong to a merchant, an operator or a developer and hold rights. What a key may not
see does not exist for it: 404.

Every write can be repeated: a cart and an order carry an id of the caller's making, other writes an ``Idempotency-Key``.
"""
