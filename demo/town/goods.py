"""What the shops of the town sell, and for how much. Amounts are in cents."""

from __future__ import annotations

from dataclasses import dataclass, field

Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class OptionPlan:
    key: str
    names: Names
    delta: int = 0
    allergens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupPlan:
    names: Names
    options: tuple[OptionPlan, ...]
    kind: str = "choice"
    min: int = 0
    max: int = 1


@dataclass(frozen=True, slots=True)
class Pack:
    """A size or kind of a product. ``gtin`` with its check digit; ``content`` such as "250 g"."""

    key: str
    price: int
    names: Names = field(default_factory=dict)
    gtin: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """``stores`` maps the key of a store to what lies there: a number of pieces, or None for "not counted"."""

    key: str
    names: Names
    section: Names
    packs: tuple[Pack, ...]
    stores: dict[str, int | None]
    kind: str = "dish"
    tax: str = "reduced"
    description: Names = field(default_factory=dict)
    brand: str = ""
    allergens: tuple[str, ...] = ()
    groups: tuple[GroupPlan, ...] = ()
    sold_out: bool = False


def _t(en: str, zh: str, es: str) -> Names:
    return {"en": en, "zh-hans": zh, "es": es}


COFFEE = _t("Coffee", "咖啡", "Café")
BAKERY = _t("From the oven", "烘焙", "Del horno")
LUNCH = _t("Lunch", "午餐", "Almuerzo")
BEANS = _t("To take home", "带回家", "Para casa")
SHELF = _t("Pantry", "食品", "Despensa")
FRIDGE = _t("Fridge", "冷藏", "Nevera")
HOUSEHOLD = _t("Household", "日用", "Hogar")
NOODLES = _t("Noodles", "面", "Fideos")
BESIDE = _t("Beside", "小吃", "Para acompañar")
DEALS = _t("Deals", "优惠", "Ofertas")

MILK = GroupPlan(
    _t("Milk", "奶", "Leche"),
    (
        OptionPlan("whole_milk", _t("Whole milk", "全脂奶", "Leche entera"), 0, ("milk",)),
        OptionPlan("oat_milk", _t("Oat milk", "燕麦奶", "Bebida de avena"), 50, ("gluten",)),
    ),
    min=1,
)
EXTRAS = GroupPlan(
    _t("Extras", "加料", "Extras"),
    (OptionPlan("extra_shot", _t("Extra shot", "加一份浓缩", "Un café más"), 80),),
)
SOUP_WITHOUT = GroupPlan(
    _t("Leave out", "不要", "Sin"),
    (
        OptionPlan("without_onions", _t("Onions", "洋葱", "Cebolla")),
        OptionPlan("without_dill", _t("Dill", "莳萝", "Eneldo")),
    ),
    kind="without",
)
HOT = GroupPlan(
    _t("How hot", "辣度", "Picante"),
    (
        OptionPlan("mild", _t("Mild", "微辣", "Suave")),
        OptionPlan("hot", _t("Hot", "中辣", "Picante")),
        OptionPlan("very_hot", _t("Very hot", "特辣", "Muy picante")),
    ),
    min=1,
)
NOODLES_WITHOUT = GroupPlan(
    _t("Leave out", "不要", "Sin"),
    (
        OptionPlan("without_coriander", _t("Coriander", "香菜", "Cilantro")),
        OptionPlan("without_peanuts", _t("Peanuts", "花生", "Cacahuetes")),
    ),
    kind="without",
)

PRODUCTS: dict[str, tuple[ProductPlan, ...]] = {
    "cafe": (
        ProductPlan(
            "flat_white",
            _t("Flat white", "澳白", "Flat white"),
            COFFEE,
            (Pack("flat_white", 420),),
            {"cafe": None, "kluuvi": None},
            description=_t("Double ristretto, silky milk.", "双份浓缩，丝滑牛奶。", "Ristretto doble y leche sedosa."),
            groups=(MILK, EXTRAS),
        ),
        ProductPlan(
            "filter",
            _t("Filter coffee", "手冲咖啡", "Café de filtro"),
            COFFEE,
            (Pack("filter", 320),),
            {"cafe": None, "kluuvi": None},
            description=_t("Today's roast, by the cup.", "当日烘焙，单杯手冲。", "El tueste de hoy, por taza."),
        ),
        ProductPlan(
            "bun",
            _t("Cardamom bun", "小豆蔻面包", "Bollo de cardamomo"),
            BAKERY,
            (Pack("bun", 390),),
            {"cafe": 24, "kluuvi": None},
            allergens=("gluten", "eggs", "milk"),
        ),
        ProductPlan(
            "pie",
            _t("Rhubarb pie", "大黄派", "Tarta de ruibarbo"),
            BAKERY,
            (Pack("pie", 480),),
            {"cafe": None},
            allergens=("gluten", "eggs", "milk"),
            sold_out=True,
        ),
        ProductPlan(
            "soup",
            _t("Salmon soup", "三文鱼汤", "Sopa de salmón"),
            LUNCH,
            (Pack("soup", 1290),),
            {"cafe": 12},
            description=_t(
                "Potato, dill, cream, rye bread on the side.",
                "土豆、莳萝、奶油，配黑麦面包。",
                "Patata, eneldo, nata y pan de centeno aparte.",
            ),
            allergens=("gluten", "fish", "milk", "celery"),
            groups=(SOUP_WITHOUT,),
        ),
        ProductPlan(
            "beans",
            _t("Aamu house beans", "晨光招牌咖啡豆", "Café en grano Aamu"),
            BEANS,
            (
                Pack("beans_250", 990, _t("250 g", "250 克", "250 g"), "6408430000012", "250 g"),
                Pack("beans_1000", 3490, _t("1 kg", "1 公斤", "1 kg"), "6408430000029", "1 kg"),
            ),
            {"cafe": 18},
            kind="good",
            tax="food",
            brand="Aamu",
        ),
    ),
    "grocer": (
        ProductPlan(
            "oat_drink",
            _t("Oat drink, barista", "咖啡师燕麦奶", "Bebida de avena barista"),
            FRIDGE,
            (Pack("oat_drink", 249, gtin="6408430000104", content="1 l"),),
            {"grocer": 30},
            kind="good",
            tax="food",
            brand="Kaura",
            allergens=("gluten",),
        ),
        ProductPlan(
            "rye_bread",
            _t("Rye bread", "黑麦面包", "Pan de centeno"),
            SHELF,
            (Pack("rye_bread", 315, gtin="6408430000111", content="330 g"),),
            {"grocer": 14, "deli": 6},
            kind="good",
            tax="food",
            allergens=("gluten",),
        ),
        ProductPlan(
            "jam",
            _t("Cloudberry jam", "云莓果酱", "Mermelada de mora ártica"),
            SHELF,
            (Pack("jam", 695, gtin="6408430000128", content="340 g"),),
            {"grocer": 1, "deli": 9},
            kind="good",
            tax="food",
        ),
        ProductPlan(
            "soap",
            _t("Dish soap", "洗洁精", "Lavavajillas"),
            HOUSEHOLD,
            (Pack("soap", 289, gtin="6408430000135", content="500 ml"),),
            {"grocer": 0},
            kind="good",
            tax="standard",
        ),
    ),
    "noodles": (
        ProductPlan(
            "two_bowls",
            _t("Two bowls, one price", "双人套餐", "Dos cuencos, un precio"),
            DEALS,
            (Pack("two_bowls", 2200),),
            {"noodles": None},
            kind="deal",
            description=_t(
                "Any two noodle bowls, at the counter, within 30 days.",
                "任选两碗面，30 天内到店兑换。",
                "Dos cuencos a elegir, en el local, durante 30 días.",
            ),
        ),
        ProductPlan(
            "youpo",
            {"zh-hans": "油泼面", "en": "Youpo noodles", "es": "Fideos youpo"},
            NOODLES,
            (Pack("youpo", 1290),),
            {"noodles": None},
            description=_t(
                "Belt noodles, chilli, garlic, hot oil.",
                "宽面、辣椒、蒜、热油。",
                "Fideos anchos, chile, ajo y aceite caliente.",
            ),
            allergens=("gluten", "soy", "sesame"),
            groups=(HOT, NOODLES_WITHOUT),
        ),
        ProductPlan(
            "saozi",
            {"zh-hans": "臊子面", "en": "Saozi noodles", "es": "Fideos saozi"},
            NOODLES,
            (Pack("saozi", 1390),),
            {"noodles": None},
            description=_t("Pork, carrot, vinegar broth.", "猪肉、胡萝卜、酸汤。", "Cerdo, zanahoria y caldo agrio."),
            allergens=("gluten", "soy"),
            groups=(HOT,),
        ),
        ProductPlan(
            "liangpi",
            {"zh-hans": "凉皮", "en": "Cold skin noodles", "es": "Fideos fríos liangpi"},
            BESIDE,
            (Pack("liangpi", 980),),
            {"noodles": 8},
            allergens=("gluten", "peanuts", "sesame"),
            groups=(NOODLES_WITHOUT,),
        ),
    ),
}
"""By merchant."""
