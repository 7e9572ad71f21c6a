"""Ledger: every amount of money, from where to where, for ever.

Words: an *account* belongs to an owner (a merchant, the operator, a brand), has a kind and a unit (a currency). A
*transfer* moves amounts between accounts; its *entries* are signed, debit positive, credit negative. A transfer is
posted only through a *template*: data that says which line goes to which account with which part of the amounts. A
*pending* transfer announces; it is settled by a posted one or voided, once.

All amounts are whole minor units.

Invariants, each kept by the database or proven by the auditor:

1. The entries of every transfer add up to zero per unit. Templates are proven to do so for all amounts before they
   are declared; the entries are checked again when they are written.
2. Transfers and entries are never changed or deleted (triggers). A mistake is reversed by another transfer.
3. A transfer id is made by the caller: the same id and content again is the same transfer, other content is
   refused.
4. A pending transfer is resolved at most once (UNIQUE), and never counts as a posted balance.
5. No counter is kept for ordinary accounts: a balance is a checkpoint plus the entries after it, and a checkpoint
   equals its recount. Accounts with a floor keep a guarded balance: one conditional UPDATE, so they never go below it.
6. Nobody is paid out more than is owed: payouts of one merchant stand in line.
"""
