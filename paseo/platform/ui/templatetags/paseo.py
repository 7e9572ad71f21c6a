"""The tags and filters of the design system. Built in: no page loads them.

Each object has one template under ``templates/ui/components/``; what is drawn comes from ``drawing``; what is written
comes from ``formatting``. Values are those of ``paseo.platform.ui.values``.
"""

from __future__ import annotations

from django import template

from paseo.platform.ui.tags import blocks, filters, forms, fronts, objects, plots, small

register = template.Library()
for part in (filters, small, fronts, objects, forms, plots, blocks):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
