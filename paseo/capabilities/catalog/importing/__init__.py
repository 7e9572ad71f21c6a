"""The import of goods. Higher packages add columns of their own by ``extend_kind("goods", …)``: price, stock, …

To an extension the ``subject_id`` of a row is the id of the variant; ``context.options["store_ids"]`` names the stores
it was offered in.
"""

from paseo.capabilities.catalog.importing.apply import apply_batch
from paseo.capabilities.catalog.importing.parse import FIELDS, parse_row
from paseo.platform.importing.registry import register_kind
from paseo.platform.importing.values import ImportKind

__all__ = ["register"]


def register() -> None:
    register_kind(ImportKind("goods", FIELDS, parse_row, apply_batch))
