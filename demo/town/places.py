"""Who and where: the merchants, stores and people of the town."""

from __future__ import annotations

from dataclasses import dataclass, field

from paseo.capabilities.directory.values import Address
from paseo.kernel.geo import Point

CENTRE = Point(60.1699, 24.9384)


@dataclass(frozen=True, slots=True)
class PersonPlan:
    key: str
    email: str
    name: str
    locale: str
    password: str


@dataclass(frozen=True, slots=True)
class StorePlan:
    """``menu`` names the table of goods it sells; without one it only stands in the city."""

    key: str
    name: dict[str, str]
    category: str
    point: Point
    street: str
    number: str
    postal_code: str
    hours: str
    menu: str = ""
    services: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    phone: str = "09 1234567"
    website: str = ""
    description: dict[str, str] = field(default_factory=dict)
    prep_minutes: int | None = None
    auto_accept: bool = False
    facade: dict[str, object] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        return Address(self.street, self.number, self.postal_code, "Helsinki", "FI")


@dataclass(frozen=True, slots=True)
class MerchantPlan:
    key: str
    legal_name: str
    business_id: str
    owner: str
    commission_bps: int
    stores: tuple[StorePlan, ...]


PEOPLE = (
    PersonPlan("aino", "aino@example.com", "Aino Virtanen", "en", "paseo-demo-1"),
    PersonPlan("owner", "owner@example.com", "Elina Laine", "en", "paseo-demo-2"),
    PersonPlan("cashier", "cashier@example.com", "Mikko Salo", "en", "paseo-demo-3"),
    PersonPlan("operator", "operator@example.com", "Olli Koski", "en", "paseo-demo-4"),
    PersonPlan("grocer", "grocer@example.com", "Ana Torres", "es", "paseo-demo-5"),
    PersonPlan("noodles", "noodles@example.com", "李薇", "zh-hans", "paseo-demo-6"),
)

MERCHANTS = (
    MerchantPlan(
        "cafe",
        "Aamu Paahtimo Oy",
        "2345678-2",
        "owner",
        1_200,
        (
            StorePlan(
                "cafe",
                {"en": "Aamu Roastery", "fi": "Aamu Paahtimo", "zh-hans": "晨光咖啡"},
                "cafe",
                Point(60.16903, 24.94182),
                "Aleksanterinkatu",
                "50",
                "00100",
                "Mo-Fr 07:30-19:00; Sa 09:00-18:00; Su,PH 10:00-17:00",
                menu="cafe",
                tags=("coffee_shop",),
                website="https://aamu.example",
                description={
                    "en": "Roasted on Tuesdays in the back room, poured the same week.",
                    "zh-hans": "每周二在店后自家烘焙，当周冲煮。",
                    "es": "Tostamos los martes en la trastienda y servimos esa misma semana.",
                },
                auto_accept=True,
                facade={"awning": 3},
            ),
            StorePlan(
                "kluuvi",
                {"en": "Aamu Kluuvi", "fi": "Aamu Kluuvi", "zh-hans": "晨光咖啡 Kluuvi 店"},
                "cafe",
                Point(60.16897, 24.94655),
                "Kluuvikatu",
                "7",
                "00100",
                "Mo-Fr 06:30-12:30; Sa,Su,PH off",
                menu="kluuvi",
                services=("pickup",),
                tags=("coffee_shop",),
                auto_accept=True,
            ),
        ),
    ),
    MerchantPlan(
        "grocer",
        "Tähti Elintarvike Oy",
        "3456789-3",
        "grocer",
        800,
        (
            StorePlan(
                "grocer",
                {"fi": "Lähikauppa Tähti", "en": "Tähti Corner Shop"},
                "convenience",
                Point(60.17012, 24.94093),
                "Kaivokatu",
                "10",
                "00100",
                "Mo-Su,PH 07:00-23:00",
                menu="grocer",
                auto_accept=True,
            ),
            StorePlan(
                "deli",
                {"fi": "Yrjönkadun luomuherkkukauppa ja viinibaari Keittiömestarin Kellari"},
                "deli",
                Point(60.16741, 24.93928),
                "Yrjönkatu",
                "29",
                "00100",
                "Tu-Fr 15:00-22:00; Sa 12:00-22:00; Su,Mo,PH off",
                menu="deli",
                services=("pickup", "here"),
                phone="",
            ),
        ),
    ),
    MerchantPlan(
        "noodles",
        "Chang'an Nuudelit Oy",
        "4567891-4",
        "noodles",
        1_500,
        (
            StorePlan(
                "noodles",
                {"zh-hans": "油泼面馆", "en": "Youpo Noodle House"},
                "restaurant",
                Point(60.16818, 24.93905),
                "Kalevankatu",
                "3",
                "00100",
                "Mo-Th 11:00-21:00; Fr,Sa 11:00-22:00; Su 12:00-20:00; PH off",
                menu="noodles",
                tags=("chinese", "noodle"),
                description={
                    "zh-hans": "手扯宽面，现泼热油。",
                    "en": "Hand-pulled belt noodles, hot oil poured at the counter.",
                    "es": "Fideos anchos estirados a mano, con aceite caliente servido al momento.",
                },
                prep_minutes=12,
            ),
        ),
    ),
)

LISTED = MerchantPlan(
    "listed",
    "Helsinki city listing",
    "",
    "",
    0,
    (
        StorePlan(
            "bookshop",
            {"fi": "Kirjakauppa Sivu", "en": "Sivu Bookshop"},
            "books",
            Point(60.16842, 24.94241),
            "Keskuskatu",
            "1",
            "00100",
            "Mo-Fr 09:00-21:00; Sa 09:00-19:00; Su 11:00-18:00",
        ),
        StorePlan(
            "pharmacy",
            {"fi": "Kolmen Sepän Apteekki"},
            "pharmacy",
            Point(60.16871, 24.94043),
            "Mannerheimintie",
            "5",
            "00100",
            "",
            phone="",
        ),
    ),
)
"""Places that were found on the map: they are shown, but nobody sells there yet."""
