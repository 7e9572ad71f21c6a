from paseo.capabilities.directory.models.merchants import Contract, Merchant, Paper
from paseo.capabilities.directory.models.places import Place, Store
from paseo.capabilities.directory.models.touchpoints import Touchpoint

__all__ = ["Contract", "Merchant", "Paper", "Place", "Store", "Touchpoint"]
