"""Money that a buyer gives for one thing: an order.

Words: a *payment* is one try to pay; a *gateway* takes the money outside; a *notice* is what a gateway tells us about a
payment; a *refund* is money on its way back. *Surplus* is a payment that succeeded although another had already
done so; *parked* is one whose amount or currency is not what was asked: a person looks at it.

Invariants
- At most one payment of a subject is captured or partly refunded (a partial unique index and a compare-and-swap). A
  second one that succeeds becomes surplus and is refunded in full by itself.
- Money is a fact: a capture is believed also when it comes late, after a decline or a cancellation. Nothing goes back.
- Refunds requested for a payment never exceed what was captured (CHECK and guarded update). One that the gateway
  refused keeps its claim: the money is still owed until it is sent again or settled by hand, never twice.
- A notice is applied once per gateway and event id. Unsigned or wrongly signed notices touch nothing.
- Starting a payment needs no network: the link to the gateway is signed here. Whatever talks to a gateway runs in jobs,
  outside of transactions, and can be repeated: the refund's key is the id under which the gateway does it once.
"""
