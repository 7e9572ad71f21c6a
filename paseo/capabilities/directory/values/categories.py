# ruff: noqa: E501 - the table is data, one category a line
"""Kinds of stores: their names, how they are drawn, what they offer by default, and the words people search by.

The table is data. ``words`` are synonyms in English, Spanish, Finnish, German, Swedish and Chinese that are indexed
beside the names, so that "Kaffee" and "咖啡" find a café whose own name says neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BOTH, PICKUP, NONE = ("pickup", "here"), ("pickup",), ()


@dataclass(frozen=True, slots=True)
class Category:
    """``kind`` and ``goods`` are parameters of the façade, ``services`` and ``prep_minutes`` defaults of a new store."""

    key: str
    group: str
    kind: str
    goods: str
    services: tuple[str, ...]
    prep_minutes: int
    name: Mapping[str, str]
    words: str
    osm: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryCount:
    category: Category
    stores: int


# key | group | façade kind | goods | services | minutes | English | 中文 | español | words | OSM tags
_TABLE = """
cafe|eat|shop|cup|both|8|Café|咖啡馆|Cafetería|coffee coffeehouse café kaffee kahvila kahvi kafé fika espresso cappuccino latte 咖啡 咖啡厅 咖啡店|amenity=cafe shop=coffee
restaurant|eat|shop|bowl|both|20|Restaurant|餐厅|Restaurante|dinner lunch food ravintola ruoka restaurang comida cena almuerzo essen 饭店 餐馆 美食 吃饭|amenity=restaurant
fast_food|eat|shop|taco|both|10|Fast food|快餐|Comida rápida|burger pizza kebab sandwich takeaway pikaruoka imbiss hamburguesa 汉堡 比萨 外卖 小吃|amenity=fast_food amenity=food_court
bar|eat|shop|bottle|here|5|Bar|酒吧|Bar|cocktail drinks baari kneipe copas 喝酒 鸡尾酒|amenity=bar amenity=nightclub
pub|eat|shop|bottle|here|5|Pub|酒馆|Pub|beer olut pubi kneipe bier cerveza öl 啤酒|amenity=pub amenity=biergarten
ice_cream|eat|stall|cake|both|5|Ice cream|冰淇淋|Heladería|gelato jäätelö jäätelöbaari eis glass helado 雪糕 甜品|amenity=ice_cream shop=ice_cream
bakery|food|shop|bread|pickup|5|Bakery|面包店|Panadería|bread cake leipomo leipä bäckerei brot bageri pan pastel 面包 蛋糕|shop=bakery shop=pastry
confectionery|food|shop|cake|pickup|5|Sweets|糖果店|Dulces|candy chocolate karkki suklaa makeiset konditorei schokolade godis chocolate caramelos 糖果 巧克力|shop=confectionery shop=chocolate
supermarket|food|shop|apple|pickup|15|Supermarket|超市|Supermercado|groceries grocery ruokakauppa lebensmittel mataffär compras 食品 杂货|shop=supermarket
convenience|food|shop|bottle|pickup|5|Convenience store|便利店|Tienda de conveniencia|kiosk corner kioski lähikauppa kiosco snacks 小卖部 零食|shop=convenience shop=kiosk amenity=kiosk shop=newsagent
greengrocer|food|stall|apple|pickup|10|Greengrocer|蔬果店|Frutería|fruit vegetables vihannes hedelmä obst gemüse frukt fruta verdura 水果 蔬菜|shop=greengrocer shop=farm
butcher|food|shop|fish|pickup|10|Butcher|肉店|Carnicería|meat liha fleisch metzgerei kött carne 肉|shop=butcher
fishmonger|food|stall|fish|pickup|10|Fishmonger|鱼店|Pescadería|fish seafood kala fisch fisk pescado marisco 海鲜 鱼|shop=seafood shop=fishmonger
deli|food|shop|bread|pickup|10|Delicatessen|熟食店|Delicatessen|cheese herkku juusto feinkost käse queso tea spices organic health 奶酪 茶叶|shop=deli shop=cheese shop=tea shop=spices shop=health_food shop=organic shop=nutrition_supplements
wine|food|shop|bottle|pickup|5|Wine and spirits|酒类专卖|Vinos y licores|wine alcohol viini alko wein vin vino 葡萄酒 白酒|shop=alcohol shop=wine shop=beverages
marketplace|food|stall|apple|pickup|10|Market|市场|Mercado|market hall tori kauppahalli markt 集市 菜市场|amenity=marketplace
clothes|fashion|shop|shirt|pickup|15|Clothes|服装店|Ropa|fashion clothing vaatteet vaatekauppa kleidung mode kläder moda 衣服 时装|shop=clothes shop=boutique shop=fashion shop=fashion_accessories shop=tailor shop=fabric shop=leather shop=lingerie
shoes|fashion|shop|shirt|pickup|15|Shoes|鞋店|Zapatería|kengät kenkäkauppa schuhe skor zapatos boots sneakers 鞋子 皮鞋|shop=shoes
bags|fashion|shop|shirt|pickup|15|Bags|箱包|Bolsos|laukku taschen väskor maletas luggage 包 行李箱|shop=bag
jewelry|fashion|shop|glasses|pickup|15|Jewelry and watches|珠宝钟表|Joyería y relojes|koru kello schmuck uhren smycken joyas reloj 首饰 手表|shop=jewelry shop=watches shop=jewellery
optician|health|shop|glasses|pickup|30|Optician|眼镜店|Óptica|glasses silmälasit optikko brille optiker gafas lentes 眼镜|shop=optician
pharmacy|health|pharmacy|bottle|pickup|10|Pharmacy|药店|Farmacia|medicine drugstore apteekki lääke apotheke apotek medicina 药房 药|amenity=pharmacy shop=chemist shop=medical_supply
beauty|health|salon|bottle|here|30|Beauty|美容|Belleza|cosmetics kauneus kosmetiikka kosmetik massage nails tattoo perfume hieronta skönhet cosmética masaje 化妆品 按摩 美甲|shop=beauty shop=cosmetics shop=massage shop=perfumery shop=tattoo
hairdresser|health|salon|glasses|here|30|Hairdresser|理发店|Peluquería|barber hair kampaamo parturi friseur frisör pelo barbería 美发 剪头发|shop=hairdresser shop=hairdresser_supply
books|culture|shop|books|pickup|10|Books|书店|Librería|bookshop kirjakauppa kirja buch buchhandlung bokhandel libros 书 图书 文具 stationery|shop=books shop=stationery shop=comics
music|culture|shop|film|pickup|10|Music and film|音像乐器|Música y cine|records vinyl instrument levykauppa soitin musik discos 唱片 乐器|shop=music shop=musical_instrument shop=video shop=video_games shop=games
art|culture|shop|books|pickup|15|Art and antiques|艺术古董|Arte y antigüedades|gallery galleria taide antiikki kunst konst galería craft 画廊 古董|shop=art shop=antiques shop=frame shop=craft tourism=gallery shop=collector
gifts|home|shop|flower|pickup|10|Gifts|礼品店|Regalos|souvenir lahja lahjatavara geschenk present regalo 礼物 纪念品|shop=gift shop=party
flowers|home|shop|flower|pickup|15|Flowers|花店|Floristería|florist kukka kukkakauppa blumen blommor flores 鲜花|shop=florist shop=garden_centre
furniture|home|shop|egg|pickup|30|Furniture and home|家居|Muebles y hogar|interior design huonekalu sisustus möbel kodin muebles decoración 家具 家居用品|shop=furniture shop=interior_decoration shop=houseware shop=kitchen shop=lighting shop=carpet shop=bed shop=bathroom_furnishing shop=curtain
hardware|home|shop|tool|pickup|15|Hardware|五金店|Ferretería|tools paint rautakauppa työkalu werkzeug verktyg herramientas 工具 油漆|shop=hardware shop=doityourself shop=paint shop=locksmith shop=trade shop=electrical
electronics|home|shop|phone|pickup|15|Electronics|电子产品|Electrónica|computer camera elektroniikka tietokone kamera elektronik dator ordenador 电脑 相机 数码|shop=electronics shop=computer shop=camera shop=photo shop=hifi
phone|home|shop|phone|pickup|15|Phones|手机店|Móviles|mobile puhelin kännykkä handy mobil teléfono celular 手机|shop=mobile_phone shop=telecommunication
toys|leisure|shop|toy|pickup|10|Toys|玩具店|Juguetería|lelu lelukauppa spielzeug leksaker juguetes children baby 玩具 儿童|shop=toys shop=baby_goods shop=model
sports|leisure|shop|shirt|pickup|15|Sports|体育用品|Deportes|outdoor urheilu retkeily sport fitness deporte fishing 运动 户外|shop=sports shop=outdoor shop=fishing shop=hunting shop=golf
bicycle|leisure|garage|tool|pickup|30|Bicycles|自行车|Bicicletas|bike pyörä polkupyörä fahrrad cykel bici 单车|shop=bicycle
pet|leisure|shop|egg|pickup|10|Pets|宠物店|Mascotas|lemmikki eläin haustier djur mascota dog cat 宠物|shop=pet
second_hand|leisure|shop|shirt|pickup|15|Second hand|二手店|Segunda mano|vintage charity kirpputori käytetty gebraucht begagnat usado 二手 古着|shop=second_hand shop=charity shop=pawnbroker
cinema|leisure|cinema|film|here|5|Cinema|电影院|Cine|movie film elokuva elokuvateatteri kino bio película 电影|amenity=cinema
theatre|leisure|cinema|film|here|5|Theater|剧院|Teatro|theatre teatteri stage concert konsertti 戏剧 演出|amenity=theatre amenity=arts_centre
karaoke|leisure|ktv|film|here|10|Karaoke|KTV|Karaoke|ktv sing singing laulu 唱歌 卡拉OK|amenity=karaoke_box amenity=karaoke
department_store|mall|mall|shirt|pickup|20|Department store|百货商店|Grandes almacenes|tavaratalo kaufhaus varuhus 百货|shop=department_store shop=general shop=variety_store
mall|mall|mall|shirt|none|20|Shopping mall|购物中心|Centro comercial|kauppakeskus einkaufszentrum köpcentrum 商场|shop=mall
laundry|services|shop|shirt|pickup|60|Laundry|洗衣店|Lavandería|dry cleaning pesula wäscherei tvätt tintorería 干洗|shop=laundry shop=dry_cleaning
repair|services|garage|tool|pickup|60|Repair|维修|Reparaciones|shoe watch suutari huolto korjaus reparatur 修理|shop=shoe_repair shop=repair shop=watch_repair craft=shoemaker
car|services|garage|tool|here|60|Car care|汽车服务|Automóvil|wash repair fuel petrol autohuolto tankstelle coche gasolina 洗车 修车 加油|shop=car shop=car_repair shop=car_parts amenity=car_wash amenity=fuel shop=tyres
travel|services|shop|books|none|15|Travel|旅行社|Viajes|agency matkatoimisto reisebüro resebyrå viaje 旅游|shop=travel_agency
bank|services|shop|phone|none|15|Bank|银行|Banco|pankki exchange money dinero 换钱 货币兑换|amenity=bank amenity=bureau_de_change
museum|sights|campus|books|none|10|Museum|博物馆|Museo|exhibition museo näyttely ausstellung exposición 展览|tourism=museum
hotel|sights|mall|cup|none|15|Hotel|酒店|Hotel|hostel hotelli yöpyminen alojamiento 住宿 旅馆|tourism=hotel tourism=hostel tourism=guest_house tourism=apartment
gym|leisure|shop|shirt|here|5|Gym|健身房|Gimnasio|fitness kuntosali sauna yoga 健身 桑拿|leisure=fitness_centre leisure=sports_centre leisure=sauna amenity=gym
other|services|shop|cup|none|15|Shop|商店|Tienda|store kauppa laden affär tienda 店铺|shop=*
"""

_SERVICES = {"both": BOTH, "pickup": PICKUP, "here": ("here",), "none": NONE}


def _read(line: str) -> Category:
    key, group, kind, goods, services, minutes, en, zh, es, words, osm = line.split("|")
    names = MappingProxyType({"en": en, "zh-hans": zh, "es": es})
    return Category(key, group, kind, goods, _SERVICES[services], int(minutes), names, words, tuple(osm.split()))


CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {category.key: category for category in map(_read, _TABLE.strip().splitlines())}
)
_BY_TAG = {tag: category.key for category in CATEGORIES.values() for tag in category.osm}
_TAG_KEYS = ("amenity", "shop", "tourism", "leisure", "craft")


def category_of(tags: Mapping[str, str]) -> Category | None:
    """The category for OSM tags, by the first of amenity, shop, tourism, leisure, craft that is known.

    Any other value of ``shop`` is "other"; None when nothing sells here (a bench, a school, ``shop=vacant``).
    """
    for key in _TAG_KEYS:
        for value in tags.get(key, "").split(";"):
            if found := _BY_TAG.get(f"{key}={value.strip()}"):
                return CATEGORIES[found]
    shop = tags.get("shop", "")
    return CATEGORIES["other"] if shop and shop not in {"vacant", "no"} else None
