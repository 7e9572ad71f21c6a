"""Journeys: every contact of a visitor with a shop, from the first scan of a poster to the review and the return.

A *contact* is one touch at one moment. It belongs to a *visitor* (a random id in a cookie). A *link* says that a
visitor is a person; it is made at sign-in, only with the consent ``journey``, and can be undone: the contacts
themselves never change, so undoing restores exactly what was. A *touch* is a contact at a touchpoint.

Invariants:

1. A contact is written once, whatever is repeated: its id is made by whoever saw it or derived from the event.
2. Contacts are only added. What changes them is forgetting: after the retention time or on request, the visitor is
   replaced by a random id per shop and day, which keeps the counts and ends the paths.
3. Without an active link no query leads from a person to a visitor or back.
4. On a shared device a contact belongs to at most one person: links of one visitor do not overlap in time.

Contacts live in the ``stream`` database, so that orders never queue behind them.
"""
