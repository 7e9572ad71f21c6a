"""The façade: one parametric drawing for every place that has no photograph.

    front(seed, kind=…, …)   a whole house for the street strip
    mark(seed, kind=…, …)    the ground floor in a square, for lists; plain below 48 px, so that 40 px still reads
    street(houses)           a strip of houses

``seed`` is the permanent id of the place; everything not given comes from its hash, so a place looks the same for ever
and no two neighbours look alike. A merchant may fix any parameter (``STYLE``). Only the light changes with the hour.
It is decoration for the ear: ``aria-hidden``, the words beside it carry everything.
"""

from paseo.platform.ui.drawing.facade.compose import House, front, mark, street, width_of
from paseo.platform.ui.drawing.facade.goods import GOODS
from paseo.platform.ui.drawing.facade.kinds import KINDS, look_of
from paseo.platform.ui.drawing.facade.style import STYLE, Style, style_of

__all__ = ["GOODS", "KINDS", "STYLE", "House", "Style", "front", "look_of", "mark", "street", "style_of", "width_of"]
