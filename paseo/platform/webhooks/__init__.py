"""Telling other people's programs what happened: signed CloudEvents, posted to the addresses a firm has named.

An *endpoint* is such an address with the types of events it wants. A *message* is one event for one endpoint; it is
written after the event's commit, by the relay of the outbox, so that nothing that sells waits for it.

What holds:

- every event arrives at least once, a repetition has the same ``webhook-id``;
- one endpoint gets its messages in the order of their sequence, one after the other;
- a receiver that is not there costs no message a try: everything waits, in order, until it is back. What a receiver
  refuses is tried ``WEBHOOK_ATTEMPTS`` times and then lies as a dead letter that a person sends again;
- an endpoint that has failed for ``WEBHOOK_OFF_DAYS`` is switched off, and its firm gets a letter;
- a firm sees its own events only, an operator those of its merchants, both only of kinds they hold the right for, and
  buyers appear under a pseudonym that means nothing to any other firm;
- nothing is ever posted into the network this installation runs in, whatever a name resolves to at that moment.
"""
