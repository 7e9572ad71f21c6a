"""From the category of a place to the kind of its house and the goods in its window."""

from __future__ import annotations

KINDS = ("shop", "pharmacy", "garage", "stall", "cinema", "ktv", "campus", "mall", "warehouse", "salon")

_LOOKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("pharmacy", "bottle", ("pharmacy", "chemist", "drugstore", "apotek", "clinic", "hospital", "doctors", "dentist")),
    ("garage", "tool", ("garage", "car", "car_repair", "car_wash", "tyres", "fuel", "charging_station", "parking")),
    ("cinema", "film", ("cinema", "theatre", "theater", "museum")),
    ("ktv", "film", ("ktv", "karaoke", "karaoke_box", "nightclub", "arcade")),
    ("campus", "books", ("campus", "university", "school", "college", "library")),
    ("mall", "shirt", ("mall", "department_store", "centre", "center")),
    ("warehouse", "toy", ("warehouse", "freight", "wholesale", "depot", "trade", "post_office")),
    ("salon", "glasses", ("salon", "hairdresser", "barber", "beauty", "massage", "cosmetics", "spa")),
    ("stall", "apple", ("stall", "market", "marketplace", "greengrocer", "farm", "kiosk", "food_truck")),
    ("shop", "bread", ("bakery", "bread", "sandwich")),
    ("shop", "cake", ("confectionery", "pastry", "dessert", "ice_cream", "chocolate")),
    (
        "shop",
        "bowl",
        (
            "noodles",
            "ramen",
            "asian",
            "chinese",
            "japanese",
            "korean",
            "thai",
            "vietnamese",
            "sushi",
            "hotpot",
            "restaurant",
        ),
    ),
    ("shop", "taco", ("mexican", "fast_food", "kebab", "burger")),
    ("shop", "pizza", ("pizza", "italian")),
    ("shop", "fish", ("seafood", "fish", "fishmonger")),
    ("shop", "egg", ("breakfast", "dairy", "cheese")),
    ("shop", "apple", ("grocery", "supermarket", "convenience", "food", "deli")),
    ("shop", "bottle", ("bar", "pub", "wine", "alcohol", "beverages", "biergarten")),
    ("shop", "books", ("books", "bookshop", "stationery", "copyshop", "newsagent")),
    ("shop", "flower", ("florist", "flowers", "garden_centre", "garden")),
    ("shop", "shirt", ("clothes", "fashion", "shoes", "boutique", "laundry", "tailor", "sports", "bag")),
    ("shop", "glasses", ("optician", "jewelry", "watches", "gift")),
    ("shop", "phone", ("electronics", "mobile_phone", "computer", "appliance")),
    ("shop", "tool", ("hardware", "doityourself", "bicycle", "repair", "furniture", "houseware")),
    ("shop", "toy", ("toys", "pet", "kids", "games", "hobby")),
    ("shop", "cup", ("cafe", "café", "coffee", "tea", "shop")),
)
_BY_WORD = {word: (kind, goods) for kind, goods, words in _LOOKS for word in words}


def look_of(category: str | None) -> tuple[str, str]:
    """(kind, goods) for a category: ``cafe``, ``shop=books``, ``restaurant/noodles``; the last word known wins."""
    words = (category or "").lower().replace("-", "_")
    for part in reversed([part for chunk in words.split("/") for part in chunk.split("=")]):
        for word in (part.strip(), *part.strip().split("_")):
            if word in _BY_WORD:
                return _BY_WORD[word]
    return "shop", "cup"
