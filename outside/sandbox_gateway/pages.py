"""The pay page: plain HTML without scripts, honest about what it is."""

from __future__ import annotations

from html import escape
from typing import Any

from outside.sandbox_gateway.cards import CARDS
from outside.sandbox_gateway.texts import TEXTS, amount, language_of

STYLE = """
:root { color-scheme: light dark; --ground: light-dark(#f4f3ef, #16181c); --paper: light-dark(#fff, #212429);
  --ink: light-dark(#1b1d21, #f2f1ec); --ink-2: light-dark(#4b4f58, #c3c6cd); --line: light-dark(#8a8f99, #8a8f99); }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 17px/1.5 system-ui, "Noto Sans CJK SC", sans-serif }
main { max-width: 34rem; margin: 0 auto; padding: 24px 16px 48px }
h1 { font-size: 28px; margin: 8px 0 4px } p { margin: 8px 0 16px }
.what { color: var(--ink-2); overflow-wrap: anywhere }
.test { border: 2px dashed var(--line); padding: 12px 16px; border-radius: 2px; background: var(--paper) }
fieldset { border: 0; padding: 0; margin: 24px 0 }
legend { font-weight: 700; padding: 0; margin-bottom: 8px }
label { display: flex; gap: 12px; align-items: flex-start; padding: 12px; min-height: 48px; background: var(--paper);
  border: 1px solid var(--line); border-radius: 4px; margin-bottom: 8px; cursor: pointer }
label:has(:checked) { outline: 3px solid var(--ink); outline-offset: -2px }
input { width: 20px; height: 20px; margin: 2px 0; flex: none; accent-color: var(--ink) }
button, .button { display: inline-block; min-height: 48px; padding: 12px 20px; font: inherit; font-weight: 700;
  border: 2px solid #1b1d21; border-radius: 4px; background: #ffd23f; color: #1b1d21; cursor: pointer; width: 100%;
  text-align: center; text-decoration: none }
button.plain { background: none; color: var(--ink); border-color: var(--line); font-weight: 400; margin-top: 12px }
:focus-visible { outline: 3px solid light-dark(#0a4fb3, #9cc4ff); outline-offset: 2px }
"""


def _page(language: str, title: str, body: str) -> bytes:
    code = "zh-Hans" if language == "zh-hans" else language
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    ).encode()


def pay(wanted: dict[str, Any], packed: str, signature: str, late_s: float) -> bytes:
    language = language_of(wanted["locale"])
    words = TEXTS[language]
    sum_text = amount(wanted["amount"], wanted["currency"], language)
    choices = "".join(
        f'<label><input type="radio" name="card" value="{card}"{" checked" if card == "success" else ""}>'
        f"<span>{escape(words[card].format(seconds=int(late_s)))}</span></label>"
        for card in CARDS
    )
    title = words["title"].format(amount=sum_text)
    return _page(
        language,
        title,
        f'<h1>{escape(title)}</h1><p class="what">{escape(wanted["text"])}</p>'
        f'<p class="test">{escape(words["test"])}</p>'
        f'<form method="post" action="/pay"><input type="hidden" name="d" value="{escape(packed)}">'
        f'<input type="hidden" name="s" value="{escape(signature)}">'
        f"<fieldset><legend>{escape(words['choose'])}</legend>{choices}</fieldset>"
        f'<button type="submit">{escape(words["pay"].format(amount=sum_text))}</button>'
        f'<button class="plain" type="submit" name="give_up" value="1">{escape(words["cancel"])}</button></form>',
    )


def settled(wanted: dict[str, Any], state: str, back: str) -> bytes:
    """A payment that is decided is not asked for again."""
    language = language_of(wanted["locale"])
    words = TEXTS[language]
    sentence = words["decided"].format(state=words.get(f"{state}_word", state))
    return _page(
        language,
        sentence,
        f"<h1>{escape(amount(wanted['amount'], wanted['currency'], language))}</h1><p>{escape(sentence)}</p>"
        f'<p class="test">{escape(words["test"])}</p>'
        f'<a class="button" href="{escape(back)}">{escape(words["back"])}</a>',
    )


def over(wanted: dict[str, Any], back: str) -> bytes:
    language = language_of(wanted["locale"])
    words = TEXTS[language]
    return _page(
        language,
        words["over"],
        f'<h1>{escape(words["over"])}</h1><a class="button" href="{escape(back)}">{escape(words["back"])}</a>',
    )


def lost(wanted: dict[str, Any]) -> bytes:
    language = language_of(wanted["locale"])
    words = TEXTS[language]
    sum_text = amount(wanted["amount"], wanted["currency"], language)
    return _page(
        language,
        words["lost_title"],
        f"<h1>{escape(words['lost_title'])}</h1><p>{escape(words['lost_text'].format(amount=sum_text))}</p>"
        f'<p class="test">{escape(words["test"])}</p>',
    )


def broken(language: str = "en") -> bytes:
    words = TEXTS[language]
    return _page(language, words["broken"], f"<h1>{escape(words['broken'])}</h1>")
