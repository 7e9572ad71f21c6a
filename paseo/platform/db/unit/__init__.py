"""Units of work: one transaction per use case, few statements, nothing half done.

>>> @operation
... def cancel(*, order_id, now):
...     transition(Order, order_id, ORDER, "cancel", now=now)
...     emit(OrderCancelled(order_id))
"""

from paseo.platform.db.unit.guards import guarded
from paseo.platform.db.unit.measure import sql_count
from paseo.platform.db.unit.scope import (
    Unit,
    add,
    after_commit,
    after_unit,
    forbid_inside_unit,
    in_unit,
    operation,
    single_statement,
    unit,
)
from paseo.platform.db.unit.transitions import transition

__all__ = [
    "Unit",
    "add",
    "after_commit",
    "after_unit",
    "forbid_inside_unit",
    "guarded",
    "in_unit",
    "operation",
    "single_statement",
    "sql_count",
    "transition",
    "unit",
]
