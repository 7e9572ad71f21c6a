"""The living city: central Helsinki, its shops, and three weeks of what people did there."""
