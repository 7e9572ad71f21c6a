"""Whether the chosen options fit the groups of a product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from paseo.capabilities.catalog.refusals import OptionGone, TooFewOptions, TooManyOptions
from paseo.capabilities.catalog.values.views import GroupView, OptionView


def check_options(groups: Sequence[GroupView], chosen: Iterable[UUID]) -> tuple[OptionView, ...]:
    """The chosen options in the order of the menu.

    Refuses OptionGone (not of this product, or no longer active, or chosen twice), TooFewOptions, TooManyOptions.
    """
    wanted = list(chosen)
    known = {option.id: option for group in groups for option in group.options if option.active}
    if len(set(wanted)) != len(wanted) or not set(wanted) <= set(known):
        raise OptionGone
    taken = []
    for group in groups:
        of_group = [option for option in group.options if option.id in wanted]
        if len(of_group) < group.min:
            raise TooFewOptions(group=dict(group.names), least=group.min, chosen=len(of_group))
        if len(of_group) > group.max:
            raise TooManyOptions(group=dict(group.names), most=group.max, chosen=len(of_group))
        taken += of_group
    return tuple(taken)
