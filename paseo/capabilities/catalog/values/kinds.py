"""Closed lists: kinds of products, tax classes, the fourteen allergens of EU regulation 1169/2011."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PRODUCT_KINDS = ("good", "dish", "service", "deal")
TAX_CLASSES = ("standard", "reduced", "food", "zero")
GROUP_KINDS = ("choice", "without")


def _texts(en: str, zh: str, es: str) -> Mapping[str, str]:
    return MappingProxyType({"en": en, "zh-hans": zh, "es": es})


ALLERGENS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "gluten": _texts("Gluten", "麸质", "Gluten"),
        "crustaceans": _texts("Crustaceans", "甲壳类", "Crustáceos"),
        "eggs": _texts("Eggs", "鸡蛋", "Huevos"),
        "fish": _texts("Fish", "鱼", "Pescado"),
        "peanuts": _texts("Peanuts", "花生", "Cacahuetes"),
        "soy": _texts("Soy", "大豆", "Soja"),
        "milk": _texts("Milk", "牛奶", "Leche"),
        "nuts": _texts("Nuts", "坚果", "Frutos de cáscara"),
        "celery": _texts("Celery", "芹菜", "Apio"),
        "mustard": _texts("Mustard", "芥末", "Mostaza"),
        "sesame": _texts("Sesame", "芝麻", "Sésamo"),
        "sulphites": _texts("Sulphites", "亚硫酸盐", "Sulfitos"),
        "lupin": _texts("Lupin", "羽扇豆", "Altramuces"),
        "molluscs": _texts("Molluscs", "软体动物", "Moluscos"),
    }
)

SECTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "coffee": _texts("Coffee", "咖啡", "Café"),
        "drinks": _texts("Drinks", "饮料", "Bebidas"),
        "breakfast": _texts("Breakfast", "早餐", "Desayunos"),
        "starters": _texts("Starters", "前菜", "Entrantes"),
        "mains": _texts("Main courses", "主菜", "Platos principales"),
        "lunch": _texts("Lunch", "午餐", "Menú del día"),
        "sides": _texts("Sides", "配菜", "Guarniciones"),
        "desserts": _texts("Desserts", "甜点", "Postres"),
        "bakery": _texts("Bakery", "烘焙", "Panadería"),
        "snacks": _texts("Snacks", "零食", "Aperitivos"),
        "sweets": _texts("Sweets", "糖果", "Dulces"),
        "dairy": _texts("Dairy", "乳制品", "Lácteos"),
        "pantry": _texts("Pantry", "食品储藏", "Despensa"),
        "deals": _texts("Deals", "优惠", "Ofertas"),
        "services": _texts("Services", "服务", "Servicios"),
    }
)
