"""Words by which people look for a kitchen or a dish, beside the tag that OpenStreetMap uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_TABLE = """
coffee_shop|coffee 咖啡 kahvi kaffee café
pizza|pizza 比萨 披萨 pitsa pizzería
burger|burger hamburger 汉堡 hampurilainen hamburguesa
kebab|kebab döner shawarma 烤肉 烤肉卷
sushi|sushi 寿司 japanese japonés
japanese|japanese sushi 日本料理 日料 japanilainen japonés japanisch
chinese|chinese 中餐 中国菜 kiinalainen chino chinesisch
ramen|ramen noodles 拉面 nuudeli fideos
noodle|noodles 面条 nuudeli fideos
korean|korean 韩国料理 韩餐 korealainen coreano koreanisch
thai|thai 泰国菜 泰餐 thaimaalainen tailandés
vietnamese|vietnamese pho 越南菜 vietnamilainen vietnamita
indian|indian curry 印度菜 intialainen indio indisch
nepalese|nepalese 尼泊尔菜 nepalilainen nepalí
asian|asian 亚洲菜 aasialainen asiático asiatisch
italian|italian pasta 意大利菜 italialainen italiano italienisch
mexican|mexican taco burrito 墨西哥菜 meksikolainen mexicano
tex-mex|tex mex 墨西哥菜 mexicano
spanish|spanish tapas 西班牙菜 espanjalainen español
tapas|tapas 西班牙小吃
french|french 法国菜 ranskalainen francés französisch
greek|greek 希腊菜 kreikkalainen griego
turkish|turkish 土耳其菜 turkkilainen turco
russian|russian 俄罗斯菜 venäläinen ruso russisch
finnish|finnish suomalainen 芬兰菜 finlandés finnisch kotiruoka
scandinavian|scandinavian nordic 北欧菜 pohjoismainen nórdico
american|american 美式 amerikkalainen americano
steak_house|steak 牛排 pihvi bistec
fish|fish seafood 鱼 海鲜 kala pescado
seafood|seafood fish 海鲜 kala marisco
vegetarian|vegetarian 素食 kasvisruoka vegetariano
vegan|vegan 纯素 素食 vegaani vegano
sandwich|sandwich 三明治 voileipä bocadillo
salad|salad 沙拉 salaatti ensalada
chicken|chicken 鸡肉 炸鸡 kana pollo
ice_cream|ice cream 冰淇淋 jäätelö helado
cake|cake 蛋糕 kakku pastel
donut|donut 甜甜圈 donitsi rosquilla
tea|tea 茶 tee té
bubble_tea|bubble tea 奶茶 珍珠奶茶
juice|juice smoothie 果汁 mehu zumo
lunch|lunch buffet 午餐 lounas almuerzo
barbecue|barbecue grill 烧烤 parrilla
hot_pot|hot pot 火锅
"""

CUISINES: Mapping[str, str] = MappingProxyType(
    dict(line.split("|", 1) for line in _TABLE.strip().splitlines())  # type: ignore[misc]
)


def words_for(tags: Iterable[str]) -> str:
    """Everything a store with these tags should be found by."""
    return " ".join(f"{tag.replace('_', ' ')} {CUISINES.get(tag, '')}" for tag in tags)
