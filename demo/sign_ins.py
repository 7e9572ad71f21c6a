"""The people of the demo, one press away on the sign-in page."""

from __future__ import annotations

from django.utils.translation import gettext

from demo.town.places import PEOPLE
from paseo.platform.identity.web import ReadyMade, ready_made_sign_ins


def people() -> list[ReadyMade]:
    email = {plan.key: plan.email for plan in PEOPLE}
    return [
        ReadyMade(email["aino"], gettext("Aino, a customer"), "/"),
        ReadyMade(email["owner"], gettext("Elina, owner of the Aamu Roastery"), "/console/"),
        ReadyMade(email["cashier"], gettext("Mikko, cashier there"), "/console/"),
        ReadyMade(email["operator"], gettext("Olli, the city's operator"), "/console/"),
    ]


def register() -> None:
    ready_made_sign_ins(people)
