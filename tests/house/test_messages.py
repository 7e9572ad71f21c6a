"""The translation tool: what it finds, what it keeps, what it calls wrong."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from tools import messages

VIEWS = """
from django.utils import translation
from django.utils.translation import gettext as _, ngettext as plural, pgettext_lazy as in_context


def view(count, name):
    _("Hello " "world")
    plural("%(count)s order", "%(count)s orders", count) % {"count": count}
    in_context("verb", "Order")
    translation.gettext_lazy("Bye")
    _(name)
"""

PAGE = """
<h1>{% translate "Opening hours" %}</h1>
    {% if a == "it's" %}
  <p title='{{ _("Inline") }}'>{% blocktranslate trimmed count n=items|length with name=user.name %}
      {{ name }} has one item
    {% plural %}
      {{ name }} has {{ n }} items
  {% endblocktranslate %}</p>
{{ x|default:_("none yet") }} {% translate "Book" context "a table" %}
{% comment %} {% translate "not this" %} {% endcomment %}
<script>let a = `${1}`; // it's (unbalanced [</script>
{% include "x.html" with label=_('A label') %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shop = tmp_path / "paseo" / "shop"
    (shop / "locale").mkdir(parents=True)
    (shop / "templates" / "shop").mkdir(parents=True)
    (shop / "migrations").mkdir()
    (shop / "apps.py").touch()
    (shop / "views.py").write_text(VIEWS)
    (shop / "migrations" / "0001.py").write_text('_("not in migrations")')
    (shop / "templates" / "shop" / "page.html").write_text(PAGE)
    return tmp_path


def po(root: Path, language: str = "es") -> Path:
    return root / "paseo" / "shop" / "locale" / language / "LC_MESSAGES" / "django.po"


def texts(root: Path) -> dict[messages.Key, str | None]:
    by_owner, _ = messages.collect(root, messages.tops(root))
    return by_owner[root / "paseo" / "shop"].plurals


def translate(root: Path, **changes: str) -> None:
    """Translate everything into itself, but for what is given: ``Hello_world="Hola"``."""
    for language in messages.LANGUAGES:
        path = po(root, language)
        catalog = messages.read_po(path, language)
        for message in catalog:
            if not message.id:
                continue
            last = message.id if isinstance(message.id, str) else message.id[-1]
            said = changes.get(last.replace(" ", "_"), last)
            message.string = said if isinstance(message.id, str) else (said,) * catalog.num_plurals
        from babel.messages.pofile import write_po

        with path.open("wb") as file:
            write_po(file, catalog)


def run(root: Path, *arguments: str) -> int:
    return messages.main(list(arguments), root)


def test_texts_are_found_under_any_alias_and_in_every_kind_of_tag(root: Path) -> None:
    assert texts(root) == {
        (None, "Hello world"): None,
        (None, "%(count)s order"): "%(count)s orders",
        ("verb", "Order"): None,
        (None, "Bye"): None,
        (None, "Opening hours"): None,
        (None, "Inline"): None,
        (None, "%(name)s has one item"): "%(name)s has %(n)s items",
        (None, "none yet"): None,
        ("a table", "Book"): None,
        (None, "A label"): None,
    }


def test_a_second_update_changes_nothing_and_names_no_line_or_date(root: Path) -> None:
    run(root, "update")
    first = po(root).read_text()
    run(root, "update")

    assert po(root).read_text() == first
    assert "views.py" not in first
    assert "Date" not in first
    ids = [line for line in first.splitlines() if line.startswith("msgid ")][1:]
    assert ids == sorted(ids)


def test_update_keeps_translations_and_drops_what_is_no_longer_said(root: Path) -> None:
    run(root, "update")
    translate(root, Hello_world="Hola mundo")
    views = root / "paseo" / "shop" / "views.py"
    views.write_text(VIEWS.replace('"Bye"', '"See you"'))

    run(root, "update")

    text = po(root).read_text()
    assert 'msgid "Hello world"\nmsgstr "Hola mundo"' in text
    assert 'msgid "See you"\nmsgstr ""' in text
    assert '"Bye"' not in text


def test_compiled_texts_are_what_django_reads(root: Path) -> None:
    run(root, "update")
    translate(root, Hello_world="\u4f60\u597d\uff0c\u4e16\u754c")

    assert len(messages.compile_stale(root)) == 2
    assert messages.compile_stale(root) == []

    with po(root, "zh_Hans").with_suffix(".mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    assert catalog.gettext("Hello world") == "\u4f60\u597d\uff0c\u4e16\u754c"
    assert catalog.ngettext("%(count)s order", "%(count)s orders", 1) == "%(count)s orders"
    assert catalog.pgettext("a table", "Book") == "Book"


def test_an_edited_po_is_compiled_again(root: Path) -> None:
    run(root, "update")
    messages.compile_stale(root)
    later = po(root).stat().st_mtime + 5
    os.utime(po(root), (later, later))

    assert [mo.parts[-3] for mo in messages.compile_stale(root)] == ["es"]


def test_check_is_content_when_everything_is_translated(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(root, "update")
    translate(root)

    assert run(root, "check") == 0
    assert capsys.readouterr().out.endswith("10 texts in 1 folders checked in zh_Hans, es: 0 to attend to.\n")


def test_check_lists_every_text_to_attend_to(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(root, "update")
    translate(root, **{"%(count)s_orders": "%(number)s pedidos", "Inline": ""})
    spanish = po(root)
    spanish.write_text(spanish.read_text().replace('\nmsgid "Bye"', '\n#, fuzzy\nmsgid "Bye"'))
    (root / "paseo" / "shop" / "more.py").write_text('gettext("Brand new")')

    assert run(root, "check") == 1

    said = capsys.readouterr().out
    place = "paseo/shop/locale/es/LC_MESSAGES/django.po"
    assert f"{place}: fuzzy: 'Bye'" in said
    assert f"{place}: missing: 'Brand new'" in said
    assert f"{place}: not translated: 'Inline'" in said
    assert f"{place}: other placeholders: '%(count)s order'" in said
    assert said.count("zh_Hans/LC_MESSAGES/django.po:") == 3


@pytest.mark.parametrize("call", ['_(f"Hi {name}")', '_("Hi %s" % name)', '_("Hi {}".format(name))', '_("Hi " + name)'])
def test_a_text_filled_in_before_it_is_translated_is_a_fault(
    root: Path, call: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(root, "update")
    translate(root)
    (root / "paseo" / "shop" / "wrong.py").write_text(f"from django.utils.translation import gettext as _\n{call}\n")

    assert run(root, "check") == 1
    assert "paseo/shop/wrong.py:2: the text is filled in before it is translated" in capsys.readouterr().out


def test_texts_outside_any_locale_folder_are_a_fault(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(root, "update")
    translate(root)
    other = root / "paseo" / "other"
    (other / "rules").mkdir(parents=True)
    (other / "apps.py").touch()
    (other / "rules" / "all.py").write_text('gettext("Lost")')

    assert run(root, "check") == 1
    assert "run: python tools/messages.py update paseo/other" in capsys.readouterr().out

    run(root, "update", str(other))
    assert 'msgid "Lost"' in (other / "locale" / "es" / "LC_MESSAGES" / "django.po").read_text()


def test_a_folder_with_its_own_locale_owns_its_texts(root: Path) -> None:
    inner = root / "paseo" / "shop" / "corner"
    (inner / "locale").mkdir(parents=True)
    (inner / "x.py").write_text('gettext("Inner")')

    by_owner, homeless = messages.collect(root, messages.tops(root))

    assert set(by_owner[inner].plurals) == {(None, "Inner")}
    assert (None, "Inner") not in by_owner[root / "paseo" / "shop"].plurals
    assert not homeless.plurals


@pytest.mark.parametrize(
    ("source", "translated", "same"),
    [
        ("%(a)s of %(b)s", "%(b)s, %(a)s", True),
        ("%(a)s", "%(A)s", False),
        ("100%% of %d", "%d: 100 %%", True),
        ("50% discount", "50 % de descuento", True),
        ("{name} pays {sum:.2f}", "{sum:.2f}: {name}", True),
        ("{name}", "{nombre}", False),
    ],
)
def test_placeholders_are_compared_as_a_bag(source: str, translated: str, same: bool) -> None:
    assert (messages.placeholders(source) == messages.placeholders(translated)) is same


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("\u4f60\u597d, \u4e16\u754c!", "\u4f60\u597d\uff0c\u4e16\u754c\uff01"),
        ("\u8fd8\u5269 %(n)s,\u8bf7\u5c3d\u5feb", "\u8fd8\u5269 %(n)s\uff0c\u8bf7\u5c3d\u5feb"),
        ("\u65f6\u95f4: 12:30", "\u65f6\u95f4\uff1a12:30"),
        ("1,000 \u5143 (\u542b\u7a0e)", "1,000 \u5143\uff08\u542b\u7a0e\uff09"),
        ("%(count)s \u4ef6", "%(count)s \u4ef6"),
        ("\u5df2\u4ed8 (%(sum)s)", "\u5df2\u4ed8 (%(sum)s)"),
        ("\u5b8c\u6210.", "\u5b8c\u6210\u3002"),
        ("{name:.2f} \u5143", "{name:.2f} \u5143"),
    ],
)
def test_chinese_gets_its_own_marks(typed: str, right: str) -> None:
    assert messages.with_chinese_marks(typed) == right
    assert messages.with_chinese_marks(right) == right
