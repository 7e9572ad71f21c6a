"""What the shops from the map sell. Names and prices are invented; goods with a barcode come from ``data/products.csv.gz``."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

from demo.town.goods import GroupPlan, OptionPlan, Pack, ProductPlan

DATA = Path(__file__).resolve().parent.parent / "data"
HERE = "*"
"""The key under which a plan stands for whichever store sells it."""


def _t(en: str, zh: str, es: str) -> dict[str, str]:
    return {"en": en, "zh-hans": zh, "es": es}


COFFEE, BAKED = _t("Coffee", "咖啡", "Café"), _t("From the oven", "烘焙", "Del horno")
STARTERS, MAINS, SWEET = (
    _t("Starters", "前菜", "Entrantes"),
    _t("Mains", "主菜", "Platos"),
    _t("Sweet", "甜品", "Dulces"),
)
DRINKS, SHELF = _t("Drinks", "饮品", "Bebidas"), _t("On the shelf", "货架", "En el estante")

MILK = GroupPlan(
    _t("Milk", "奶", "Leche"),
    (
        OptionPlan("whole", _t("Whole milk", "全脂牛奶", "Leche entera"), 0, ("milk",)),
        OptionPlan("oat", _t("Oat milk", "燕麦奶", "Leche de avena"), 50, ("gluten",)),
    ),
    min=1,
    max=1,
)
WITHOUT = GroupPlan(
    _t("Without", "不要", "Sin"),
    (
        OptionPlan("onion", _t("No onions", "不要洋葱", "Sin cebolla")),
        OptionPlan("coriander", _t("No coriander", "不要香菜", "Sin cilantro")),
    ),
    kind="without",
    min=0,
    max=2,
)


def _dish(
    key: str,
    names: dict[str, str],
    section: dict[str, str],
    price: int,
    allergens: tuple[str, ...] = (),
    *groups: GroupPlan,
    pieces: int | None = None,
) -> ProductPlan:
    return ProductPlan(key, names, section, (Pack(key, price),), {HERE: pieces}, allergens=allergens, groups=groups)


CAFE = (
    _dish("cappuccino", _t("Cappuccino", "卡布奇诺", "Capuchino"), COFFEE, 430, ("milk",), MILK),
    _dish(
        "filter",
        _t("Filter coffee, refill once", "滤滴咖啡，可续一杯", "Café de filtro, se rellena una vez"),
        COFFEE,
        330,
    ),
    _dish("cocoa", _t("Hot cocoa", "热可可", "Chocolate caliente"), COFFEE, 450, ("milk",), MILK),
    _dish(
        "korvapuusti",
        _t("Cinnamon roll", "肉桂卷", "Rollo de canela"),
        BAKED,
        390,
        ("gluten", "milk", "eggs"),
        pieces=400,
    ),
    _dish(
        "karelian",
        _t("Karelian pie with egg butter", "卡累利阿派配蛋黄油", "Empanada carelia con mantequilla de huevo"),
        BAKED,
        350,
        ("gluten", "milk", "eggs"),
        pieces=400,
    ),
    _dish(
        "berry_cake",
        _t("Blueberry cake", "蓝莓蛋糕", "Tarta de arándanos"),
        SWEET,
        520,
        ("gluten", "milk", "eggs"),
        pieces=240,
    ),
)
KITCHEN = (
    _dish(
        "beet",
        _t("Beetroot and goat cheese", "甜菜根配山羊奶酪", "Remolacha con queso de cabra"),
        STARTERS,
        1150,
        ("milk",),
    ),
    _dish(
        "salmon_soup",
        _t("Salmon soup, rye bread", "三文鱼汤配黑麦面包", "Sopa de salmón con pan de centeno"),
        MAINS,
        1490,
        ("fish", "milk", "gluten"),
        WITHOUT,
    ),
    _dish(
        "reindeer",
        _t("Sautéed reindeer, mash, lingonberries", "驯鹿肉配土豆泥和越橘", "Reno salteado con puré y arándanos rojos"),
        MAINS,
        2650,
        ("milk",),
        WITHOUT,
    ),
    _dish("risotto", _t("Mushroom risotto", "蘑菇烩饭", "Risotto de setas"), MAINS, 1890, ("milk", "celery"), WITHOUT),
    _dish(
        "burger",
        _t("House burger, potatoes", "招牌汉堡配土豆", "Hamburguesa de la casa con patatas"),
        MAINS,
        1790,
        ("gluten", "milk", "eggs", "mustard"),
        WITHOUT,
    ),
    _dish(
        "cheesecake",
        _t("Cloudberry cheesecake", "云莓芝士蛋糕", "Tarta de queso con moras árticas"),
        SWEET,
        890,
        ("gluten", "milk", "eggs"),
    ),
    _dish("spruce_soda", _t("Spruce tip lemonade", "云杉嫩芽柠檬水", "Limonada de abeto"), DRINKS, 550),
)
QUICK = (
    _dish(
        "falafel", _t("Falafel plate", "鹰嘴豆丸拼盘", "Plato de falafel"), MAINS, 1090, ("sesame", "gluten"), WITHOUT
    ),
    _dish("wrap", _t("Chicken wrap", "鸡肉卷", "Wrap de pollo"), MAINS, 950, ("gluten", "milk"), WITHOUT),
    _dish("fries", _t("Sweet potato fries", "红薯条", "Batatas fritas"), STARTERS, 490),
    _dish(
        "pizza",
        _t("Pizza slice, rye base", "黑麦比萨一角", "Porción de pizza de centeno"),
        MAINS,
        650,
        ("gluten", "milk"),
        WITHOUT,
    ),
    _dish("lemonade", _t("Homemade lemonade", "自制柠檬水", "Limonada casera"), DRINKS, 390),
)
BAKERY = (
    _dish("rye", _t("Sourdough rye loaf", "酸面黑麦面包", "Hogaza de centeno"), BAKED, 590, ("gluten",), pieces=300),
    _dish("baguette", _t("Baguette", "法棍", "Baguette"), BAKED, 340, ("gluten",), pieces=300),
    _dish(
        "pulla",
        _t("Cardamom bun", "豆蔻面包", "Bollo de cardamomo"),
        BAKED,
        320,
        ("gluten", "milk", "eggs"),
        pieces=500,
    ),
    _dish("tart", _t("Lemon tart", "柠檬挞", "Tarta de limón"), SWEET, 480, ("gluten", "milk", "eggs"), pieces=200),
)
TABLES = {"cafe": CAFE, "restaurant": KITCHEN, "fast_food": QUICK, "bakery": BAKERY}


def goods(chance: random.Random, count: int) -> tuple[ProductPlan, ...]:
    """``count`` real goods with their barcodes, at invented prices."""
    with gzip.open(DATA / "products.csv.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if len(row["name"]) <= 60]
    plans = []
    for row in chance.sample(rows, count):
        language = row["language"] if row["language"] in {"en", "es"} else "en"
        pack = Pack(row["gtin"], chance.randrange(95, 795, 5), gtin=row["gtin"])
        plans.append(
            ProductPlan(
                row["gtin"],
                {language: row["name"]},
                SHELF,
                (pack,),
                {HERE: chance.randrange(60, 260)},
                kind="good",
                tax="food",
            )
        )
    return tuple(plans)
