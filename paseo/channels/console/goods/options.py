"""Groups of options as a form: a few rows to fill in, more on request, and what is wrong beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext

from paseo.capabilities.catalog.values import ALLERGENS, DraftGroup, DraftOption, GroupView, OptionView
from paseo.channels.console.goods.forms import written
from paseo.channels.console.goods.sending import id_in
from paseo.kernel.money import Money

ROWS = 3
MOST_ROWS = 40
MOST_GROUPS = 12
CODES = tuple(code for code, _ in settings.LANGUAGES)


@dataclass(slots=True)
class OptionRow:
    """One option as it was typed. ``prefix`` begins the names of its inputs."""

    prefix: str
    names: dict[str, str] = field(default_factory=dict)
    delta: str = ""
    allergens: tuple[str, ...] = ()
    id: UUID | None = None
    active: bool = True
    wrong: str = ""

    @property
    def written(self) -> bool:
        return any(self.names.values())

    @property
    def inputs(self) -> list[tuple[str, str, str, str]]:
        return [
            (f"{self.prefix}-name-{code}", "zh-Hans" if code == "zh-hans" else code, language, self.names.get(code, ""))
            for code, language in settings.LANGUAGES
        ]


@dataclass(slots=True)
class GroupRows:
    """A group as it was typed."""

    prefix: str
    kind: str = "choice"
    names: dict[str, str] = field(default_factory=dict)
    least: str = "0"
    most: str = "1"
    rows: list[OptionRow] = field(default_factory=list)
    id: UUID | None = None
    wrong: str = ""

    @property
    def inputs(self) -> list[tuple[str, str, str, str]]:
        return [
            (f"{self.prefix}-name-{code}", "zh-Hans" if code == "zh-hans" else code, language, self.names.get(code, ""))
            for code, language in settings.LANGUAGES
        ]

    @property
    def written(self) -> bool:
        return any(self.names.values()) or any(row.written for row in self.rows)

    @property
    def is_wrong(self) -> bool:
        return bool(self.wrong) or any(row.wrong for row in self.rows)

    def add_rows(self, count: int = ROWS) -> None:
        first = len(self.rows)
        for at in range(first, min(first + count, MOST_ROWS)):
            self.rows.append(OptionRow(f"{self.prefix}-o{at}"))

    def check(self, currency: str) -> DraftGroup | None:
        """What was written as a draft; None, with a sentence where it is wrong."""
        options = []
        for row in self.rows:
            row.wrong = ""
            if not row.active:
                continue
            if not row.written:
                if row.delta.strip():
                    row.wrong = gettext("Give this option a name.")
                continue
            delta = _minor(row.delta, currency)
            if delta is None:
                row.wrong = gettext("Write an amount like 4.20.")
            elif delta and self.kind == "without":
                row.wrong = gettext("Leaving something out does not change the price.")
            else:
                options.append(DraftOption(_kept(row.names), delta, row.allergens))
        self.wrong = self._wrong(len(options))
        if self.is_wrong:
            return None
        return DraftGroup(
            _kept(self.names), tuple(options), self.kind, self._least(len(options)), self._most(len(options))
        )

    def _least(self, count: int) -> int:
        return 0 if self.kind == "without" else int(self.least or 0)

    def _most(self, count: int) -> int:
        return max(1, count) if self.kind == "without" else int(self.most or max(1, count))

    def _wrong(self, count: int) -> str:
        if not any(self.names.values()):
            return gettext("Give the group a name, for instance “Milk”.")
        if not count and not any(row.wrong for row in self.rows):
            return gettext("Write at least one option.")
        if not all(text.isdecimal() and len(text) < 4 for text in (self.least or "0", self.most or "1")):
            return gettext("Write whole numbers for the least and the most.")
        if self._least(count) > self._most(count) or self._least(count) > max(count, 1):
            return gettext("The least number of choices is greater than the most possible.")
        return ""


def _kept(names: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in names.items() if text}


def _minor(text: str, currency: str) -> int | None:
    if not text.strip():
        return 0
    try:
        return Money.parse(text.strip().replace("−", "-").removeprefix("+").strip("€$¥£ "), currency).minor
    except (ValueError, OverflowError):
        return None


def blank(prefix: str = "g0") -> GroupRows:
    made = GroupRows(prefix)
    made.add_rows()
    return made


def read(said: QueryDict, *, at_least: int = 1) -> list[GroupRows]:
    """The groups of a form as they were typed, and blank ones up to ``at_least``."""
    groups = []
    for at in range(MOST_GROUPS):
        prefix = f"g{at}"
        if f"{prefix}-kind" not in said:
            break
        groups.append(_group(said, prefix))
    while len(groups) < at_least:
        groups.append(blank(f"g{len(groups)}"))
    return groups


def _group(said: QueryDict, prefix: str) -> GroupRows:
    group = GroupRows(
        prefix,
        kind="without" if said.get(f"{prefix}-kind") == "without" else "choice",
        names=_names(said, prefix),
        least=said.get(f"{prefix}-min", "0").strip(),
        most=said.get(f"{prefix}-max", "1").strip(),
        id=id_in(said.get(f"{prefix}-id")),
    )
    for at in range(MOST_ROWS):
        row = f"{prefix}-o{at}"
        if f"{row}-delta" not in said:
            break
        group.rows.append(
            OptionRow(
                row,
                names=_names(said, row),
                delta=said.get(f"{row}-delta", "").strip(),
                allergens=tuple(key for key in ALLERGENS if key in said.getlist(f"{row}-allergens")),
                id=id_in(said.get(f"{row}-id")),
                active=f"{row}-off" not in said,
            )
        )
    return group


def _names(said: QueryDict, prefix: str) -> dict[str, str]:
    return {code: said.get(f"{prefix}-name-{code}", "").strip()[:120] for code in CODES}


def more_asked(said: QueryDict, groups: list[GroupRows]) -> bool:
    """Whether the form was sent only for more room; then ``groups`` has it."""
    wanted = said.get("more", "")
    if wanted == "group" and len(groups) < MOST_GROUPS:
        groups.append(blank(f"g{len(groups)}"))
    for group in groups:
        if group.prefix == wanted:
            group.add_rows()
    return bool(wanted)


def check_all(groups: Sequence[GroupRows], currency: str) -> list[DraftGroup] | None:
    """All groups that were written as drafts; None when something is wrong."""
    drafts = [group.check(currency) for group in groups if group.written]
    return None if any(draft is None for draft in drafts) else [draft for draft in drafts if draft is not None]


def rows_of(view: GroupView, currency: str) -> GroupRows:
    """A group that is there, ready to be changed, with one row to add to it."""
    group = GroupRows("g0", view.kind, dict(view.names), str(view.min), str(view.max), id=view.id)
    for at, option in enumerate(view.options):
        group.rows.append(
            OptionRow(
                f"g0-o{at}",
                dict(option.names),
                written(option.delta_minor, currency) if option.delta_minor else "",
                option.allergens,
                option.id,
                option.active,
            )
        )
    group.add_rows(1)
    return group


@dataclass(frozen=True, slots=True)
class OptionChange:
    """What of one option is new; empty when nothing is."""

    option_id: UUID
    changes: dict[str, Any]


def changes_of(group: GroupRows, draft: DraftGroup, view: GroupView, currency: str) -> list[OptionChange] | None:
    """The changes of single options; None when the group as a whole has to be made anew."""
    rows = [row for row in group.rows if row.written and row.active]
    gone = [row.id for row in group.rows if row.id and not row.active]
    known = {option.id: option for option in view.options}
    same = (
        draft.kind == view.kind
        and draft.min == view.min
        and (draft.max == view.max or draft.kind == "without")
        and _shown(draft.names) == _shown(view.names)
        and {row.id for row in rows} | set(gone) == set(known)
        and all(row.id in known and row.allergens == known[row.id].allergens for row in rows)
    )
    if not same:
        return None
    found = [OptionChange(option_id, {"active": False}) for option_id in gone]
    for row, option in zip(rows, draft.options, strict=True):
        assert row.id is not None
        before = known[row.id]
        changes = _changed(row, option, before)
        if changes:
            found.append(OptionChange(row.id, changes))
    return found


def _shown(names: Any) -> dict[str, str]:
    return {code: text for code, text in dict(names).items() if code in CODES and text}


def _changed(row: OptionRow, option: DraftOption, before: OptionView) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if _shown(option.names) != _shown(before.names):
        changes["names"] = {**{k: v for k, v in before.names.items() if k not in CODES}, **option.names}
    if option.delta_minor != before.delta_minor:
        changes["delta_minor"] = option.delta_minor
    return changes
