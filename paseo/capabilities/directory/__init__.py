"""Who sells where: merchants, the places of a city, stores, and the touchpoints at which a phone meets a place.

Words: a *merchant* owns (its id is the id of its tenant), a *store* sells at a *place*; places nest
(city → mall → floor → unit → store). A *touchpoint* is a poster, link, tag, label or screen. A *lamp* says whether a
store is open: lit, half lit from 30 minutes before the last order, dark.

Invariants: every store belongs to one merchant and one place; a store's slug is unique and never changes; a merchant
goes live only when its readiness report has no open "must"; contracts of one merchant never overlap; a suspended
merchant's stores are dark and not found.
"""
