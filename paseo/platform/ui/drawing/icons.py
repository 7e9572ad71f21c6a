"""Icons on a grid of 24, a line of 1.8, square ends. Each stands beside a word, or is given one to be read aloud."""

# ruff: noqa: E501 (a path is one piece)

from __future__ import annotations

from functools import cache, lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SHAPES = {
    "alert": '<path d="M12 4l9 16H3z"/><path d="M12 10v4M12 17v.2"/>',
    "arrow": '<path d="M12 20V5M6 11l6-6 6 6"/>',
    "back": '<path d="M20 12H5M11 6l-6 6 6 6"/>',
    "bag": '<path d="M5 8h14l-1 12H6z"/><path d="M9 8V6a3 3 0 0 1 6 0v2"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10.500 21h3"/>',
    "bicycle": '<circle cx="6" cy="16" r="3.500"/><circle cx="18" cy="16" r="3.500"/><path d="M6 16l4-7h6l2 7M10 9l3 7H6M15 6h2"/>',
    "box": '<path d="M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/>',
    "card": '<path d="M3 6h18v12H3zM3 10h18"/>',
    "cash": '<path d="M3 7h18v10H3z"/><circle cx="12" cy="12" r="2.500"/>',
    "chart": '<path d="M4 20h16M7 20v-7M12 20V6M17 20v-10"/>',
    "check": '<path d="M5 12.500l4.500 4.500L19 7"/>',
    "chef": '<path d="M5 12a4 4 0 1 1 3-7 5 5 0 0 1 8 0 4 4 0 1 1 3 7v8H5zM5 17h14"/>',
    "clock": '<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5l3.500 2"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "copy": '<path d="M9 9h11v11H9zM15 9V4H4v11h5"/>',
    "down": '<path d="M6 9l6 6 6-6"/>',
    "download": '<path d="M12 4v11M7 10l5 5 5-5M4 20h16"/>',
    "edit": '<path d="M4 20l1-5L16 4l4 4L9 19zM13.500 6.500l4 4"/>',
    "euro": '<path d="M18 6.500A7 7 0 1 0 18 17.500M4 10.500h9M4 13.500h9"/>',
    "eye": '<path d="M2 12c5-8 15-8 20 0-5 8-15 8-20 0z"/><circle cx="12" cy="12" r="3"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "flag": '<path d="M6 21V4h12l-3 4 3 4H6"/>',
    "fork": '<path d="M7 3v7M4.500 3v5h5V3M7 10v11M17 21V3c-3 2-4 6-3 10h3"/>',
    "globe": '<circle cx="12" cy="12" r="8.500"/><path d="M3.500 12h17M12 3.500c-5 5-5 12 0 17M12 3.500c5 5 5 12 0 17"/>',
    "heart": '<path d="M12 20C3 13 3 9 4 7c2-4 6-3 8 0 2-3 6-4 8 0 1 2 1 6-8 13z"/>',
    "help": '<circle cx="12" cy="12" r="8.500"/><path d="M9.500 9.500a2.500 2.500 0 1 1 2.500 3v1M12 16.500v.2"/>',
    "key": '<circle cx="8" cy="14" r="4"/><path d="M11 11l8-8M15 7l3 3"/>',
    "lamp": '<path d="M7 4h10v16H7zM7 10h10M12 10v10"/>',
    "letter": '<path d="M3 6h18v12H3zM3 7l9 7 9-7"/>',
    "line": '<path d="M6 4v16"/><circle cx="6" cy="5" r="2.500"/><circle cx="6" cy="12" r="2.500"/><path d="M3.500 17.500h5v5h-5zM11 5h9M11 12h9M11 20h9"/>',
    "link": '<path d="M10 14l4-4M8 11l-3 3a3.500 3.500 0 0 0 5 5l3-3M16 13l3-3a3.500 3.500 0 0 0-5-5l-3 3"/>',
    "lock": '<path d="M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3"/>',
    "lorry": '<path d="M2 6h12v11H2zM14 10h4l4 4v3h-8M6 17.500v2M18 17.500v2"/>',
    "map": '<path d="M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14"/>',
    "minus": '<path d="M5 12h14"/>',
    "money": '<path d="M4 7h15v12H4zM4 7l11-3v3M15 12h4v3h-4z"/>',
    "moon": '<path d="M19 15a8 8 0 0 1-10-10 8 8 0 1 0 10 10z"/>',
    "more": '<path d="M5 12v.2M12 12v.2M19 12v.2"/>',
    "next": '<path d="M9 6l6 6-6 6"/>',
    "offline": '<path d="M3 9c5-5 13-5 18 0M7 13c3-3 7-3 10 0M11 17h2M4 3l16 18"/>',
    "people": '<circle cx="9" cy="9" r="3.200"/><path d="M3 20c.6-4 3-5.500 6-5.500s5.400 1.500 6 5.500M15 6.500a3 3 0 1 1 1 5.500M18 14.500c2 .8 2.800 2.500 3 5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>',
    "phone": '<path d="M7 3h10v18H7zM11 18h2"/>',
    "photo": '<path d="M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4"/><circle cx="15.500" cy="9" r="1.500"/>',
    "pin": '<path d="M12 21c4-5 6-8 6-11a6 6 0 1 0-12 0c0 3 2 6 6 11z"/><path d="M12 9v2"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "poster": '<path d="M5 3h14v18H5zM9 7h6v6H9zM9 17h6"/>',
    "printer": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
    "receipt": '<path d="M6 3h12v18l-2-1.600-2 1.600-2-1.600-2 1.600-2-1.600L6 21z"/><path d="M9 8h6M9 12h6"/>',
    "refused": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8z"/><path d="M8 12h8"/>',
    "repeat": '<path d="M4 11V8h13l-3-3M20 13v3H7l3 3"/>',
    "scan": '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4"/><path d="M4 12h16"/>',
    "search": '<circle cx="10" cy="10" r="6"/><path d="M14.500 14.500 20 20"/>',
    "send": '<path d="M4 12l16-8-5 16-3-7z"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "sign-out": '<path d="M13 4H5v16h8M10 12h10M16 8l4 4-4 4"/>',
    "sound": '<path d="M4 10v4h4l5 4V6l-5 4zM16 9c1.500 2 1.500 4 0 6M18.500 7c3 3 3 7 0 10"/>',
    "speech": '<path d="M4 5h16v11H10l-4 4v-4H4z"/>',
    "star": '<path d="M12 4l2.400 5.200 5.600.7-4.200 3.900 1.100 5.600L12 16.600l-4.900 2.800 1.100-5.600L4 9.900l5.600-.7z"/>',
    "store": '<path d="M4 10h16M5 10v10h14V10"/><path d="M4 10l1.500-5h13L20 10"/><path d="M10 20v-6h4v6"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2"/>',
    "table": '<path d="M3 9h18M6 9v10M18 9v10"/>',
    "tag": '<path d="M4 4h8l8 8-8 8-8-8zM8 8v.2"/>',
    "ticket": '<path d="M3 7h18v3.500a1.500 1.500 0 0 0 0 3V17H3v-3.500a1.500 1.500 0 0 0 0-3z"/><path d="M15 8v1M15 11.500v1M15 15v1"/>',
    "trash": '<path d="M5 7h14M9 7V4h6v3M7 7l1 14h8l1-14"/>',
    "undo": '<path d="M9 5L4 10l5 5M4.500 10H14a6 6 0 0 1 0 11h-3"/>',
    "upload": '<path d="M12 16V5M7 10l5-5 5 5M4 20h16"/>',
    "walk": '<circle cx="13" cy="4" r="1.600"/><path d="M9 21l3-7-2-2 2-5 3 3 3 1M14 21l1-4-2.500-3M12 7L8 9l-1 3"/>',
    "wallet": '<path d="M4 6h16v13H4zM4 10h16M15 14h2"/>',
}
SCENE_ICONS = {
    "here": "fork",
    "pickup": "bag",
    "delivery": "bicycle",
    "voucher": "ticket",
    "booking": "calendar",
    "freight": "lorry",
    "member": "person",
}


@lru_cache(maxsize=2048)
def icon(name: str, words: str = "", classes: str = "") -> SafeString:
    """One icon; silent, or read aloud as ``words``. KeyError for a name that is not drawn."""
    spoken = f'role="img" aria-label="{escape(words)}"' if words else 'aria-hidden="true"'
    css = f"ico {classes}".strip()
    start = f'<svg class="{escape(css)}" viewBox="0 0 24 24" {spoken} focusable="false">'
    return mark_safe(start + SHAPES[name] + "</svg>")  # noqa: S308


@cache
def pictogram(scene: str) -> SafeString:
    """The fixed pictogram of a scene, without a class of its own."""
    drawn = SHAPES[SCENE_ICONS[scene]]
    return mark_safe(f'<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">{drawn}</svg>')  # noqa: S308
