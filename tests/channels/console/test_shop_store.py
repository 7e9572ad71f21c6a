"""The store's own pages: what people read, hours, the front, people, keys."""

from __future__ import annotations

import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from paseo.capabilities.directory import queries as directory
from paseo.kernel.ids import new_id
from paseo.platform.identity import queries as persons
from paseo.platform.notices import queries as notices
from paseo.platform.tenancy import queries as tenancy
from tests.channels.console.conftest import text_of


@pytest.fixture
def at(town):
    return lambda name, *more, firm="noodles": reverse(f"console:{name}", args=[town.merchants[firm], *more])


def form_of(response) -> dict[str, object]:
    """What a browser would send back unchanged."""
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}


def test_the_store_is_edited_and_other_languages_stay(town, at_work, at):
    client, before = at_work("owner"), directory.store(town.stores["cafe"])
    given = form_of(client.get(at("store", firm="cafe"), {"store": str(before.id)}))
    assert given["name_own"] == directory.store(town.stores["cafe"]).name["fi"]
    saved = client.post(
        at("store", firm="cafe"), {**given, "name_en": "Aamu Roasters", "prep_minutes": 9, "phone": "+358 9 7654321"}
    )
    assert saved.status_code == 303
    card = directory.store(town.stores["cafe"])
    assert card.name == {**before.name, "en": "Aamu Roasters"}
    assert (card.prep_minutes, card.phone, card.region) == (9, "+35897654321", "FI")
    assert card.description == before.description


def test_what_is_wrong_stands_beside_its_field_and_is_kept(town, at_work, at):
    client, before = at_work("owner"), directory.store(town.stores["cafe"])
    given = form_of(client.get(at("store", firm="cafe")))
    wrong = client.post(at("store", firm="cafe"), {**given, "phone": "12", "position": "here", "prep_minutes": "soon"})
    text = text_of(wrong)
    assert wrong.status_code == 422
    assert "Two numbers are needed, like 60.1699, 24.9384" in text
    assert re.search(r'name="position" value="here"[^>]*autofocus', text)
    wrong = client.post(at("store", firm="cafe"), {**given, "phone": "12"})
    assert "This telephone number is not possible." in text_of(wrong)
    assert directory.store(town.stores["cafe"]).phone == before.phone


def test_a_week_is_filled_in_without_scripts(town, at_work, at):
    client = at_work("noodles")
    page = text_of(client.get(at("store-hours")))
    assert 'name="Mo-0-opens" value="11:00"' in page
    form = {
        f"{day}-0-{end}": value
        for day in ("Tu", "We", "Th")
        for end, value in (("opens", "12:00"), ("closes", "22:00"))
    }
    sent = {"by": "week", "holidays": "closed", **form, "Fr-0-opens": "12:00", "Fr-0-closes": "02:00"}
    assert client.post(at("store-hours"), sent).status_code == 303
    assert (
        directory.store(town.stores["noodles"]).hours == "Mo off; Tu-Th 12:00-22:00; Fr 12:00-02:00; Sa-Su off; PH off"
    )
    half = client.post(at("store-hours"), {"by": "week", "Mo-0-opens": "09:00"})
    assert half.status_code == 422
    assert "Write both, when it opens and when it closes." in text_of(half)
    assert 'value="09:00"' in text_of(half)


def test_experts_write_the_line(town, at_work, at):
    client = at_work("noodles")
    assert client.post(at("store-hours"), {"by": "line", "line": "Apr-Sep: Mo-Su 10:00-22:00"}).status_code == 303
    assert "say more than a week can hold" in text_of(client.get(at("store-hours")))
    wrong = client.post(at("store-hours"), {"by": "line", "line": "from ten to six"})
    assert wrong.status_code == 422
    assert "These opening hours cannot be read." in text_of(wrong)
    assert 'value="from ten to six"' in text_of(wrong)
    assert directory.store(town.stores["noodles"]).hours == "Apr-Sep: Mo-Su 10:00-22:00"


def test_the_front_is_tried_before_it_is_kept(town, at_work, at):
    client, before = at_work("noodles"), directory.store(town.stores["noodles"]).facade
    tried = client.get(at("store-look"), {"awning": "3", "roof": "1"}, headers={"HX-Request": "true"})
    assert "var(--aw-rust)" in text_of(tried)
    assert text_of(tried).startswith('<div id="house"')
    assert directory.store(town.stores["noodles"]).facade == before
    client.post(at("store-look"), {"awning": "3", "roof": "1", "door": "nowhere"})
    kept = directory.store(town.stores["noodles"]).facade
    assert (kept["awning"], kept["roof"], kept["door"], kept["kind"]) == (3, 1, None, before["kind"])
    client.post(at("store-look"), {"awning": ""})
    assert directory.store(town.stores["noodles"]).facade["awning"] is None


def test_a_photo_hangs_in_the_window(town, at_work, at):
    client, file = at_work("noodles"), io.BytesIO()
    Image.new("RGB", (640, 480), "#884422").save(file, "JPEG")
    file.name = "front.jpg"
    file.seek(0)
    assert client.post(at("store-photo"), {"photo": file}).status_code == 303
    photo_id = directory.store(town.stores["noodles"]).photo_id
    assert f"/media/{photo_id}/480.webp" in text_of(client.get(at("store-look")))
    text = io.BytesIO(b"not a picture")
    text.name = "x.jpg"
    assert client.post(at("store-photo"), {"photo": text}).status_code == 422
    client.post(at("store-photo"), {"remove": "1"})
    assert directory.store(town.stores["noodles"]).photo_id is None


def test_another_store_is_added_once(town, at_work, at):
    client, store_id = at_work("noodles"), str(new_id())
    given = {
        "name": "油泼面馆二店", "category": "restaurant", "street": "Kaisaniemenkatu", "house_number": "3", "city": "Helsinki",
        "postal_code": "00100", "country": "FI", "position": "60.1710, 24.9460", "store_id": store_id,
    }  # fmt: skip
    for _ in range(2):
        response = client.post(at("store-new"), given)
        assert response.status_code == 303
        assert response["Location"] == f"{at('store-hours')}?store={store_id}"
    assert [str(card.id) for card in directory.stores_of_merchant(town.merchants["noodles"])].count(store_id) == 1
    assert client.post(at("store-new"), {**given, "store_id": str(town.stores["cafe"])}).status_code == 422
    assert directory.store(town.stores["cafe"]).merchant_id == town.merchants["cafe"]
    assert client.post(at("store-new"), {**given, "store_id": str(new_id()), "hours": "always"}).status_code == 422


def test_a_helper_is_hired_by_mail_and_leaves_at_once(town, at_work, at, clock):
    owner, form_id = at_work("noodles"), str(new_id())
    given = {
        "email": "helper@example.com",
        "name": "Ville",
        "role": "cashier",
        "place": str(town.stores["noodles"]),
        "form_id": form_id,
    }
    for _ in range(2):
        assert owner.post(at("staff"), given).status_code == 303
    helper = persons.person_by_email("helper@example.com")
    assert helper is not None
    assert len(notices.letters(to="helper@example.com")) <= 1
    page = text_of(owner.get(at("staff")))
    assert "Ville" in page
    assert "Cashier in Youpo Noodle House" in page
    devices = [at_work(helper.id), at_work(helper.id)]
    for device in devices:
        assert device.get(at("today")).status_code == 200
        assert device.get(at("store")).status_code == 403
    for _ in range(2):
        assert owner.post(at("staff-end", helper.id)).status_code == 303
    for device in devices:
        assert device.get(at("today")).status_code == 404
        assert device.get(at("today"), headers={"HX-Request": "true"}).status_code == 404
        assert device.post(at("verify"), {"code": "K7M4"}).status_code == 404
    assert [hand.name for hand in owner.get(at("staff")).context["hands"]] == ["李薇"]


def test_roles_that_see_money_wait_for_the_second_factor(town, at_work, at):
    given = {"email": "boss@example.com", "role": "manager", "place": "", "form_id": str(new_id())}
    response = at_work("noodles").post(at("staff"), given)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("identity:second-factor"))
    assert at_work("noodles", confirmed=True).post(at("staff"), given).status_code == 303


def test_nobody_is_hired_wrongly(town, at_work, at):
    client = at_work("noodles", confirmed=True)
    wrong = client.post(at("staff"), {"email": "nobody", "role": "king"})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors.keys() == {"email", "role"}
    elsewhere = {"email": "a@example.com", "role": "cashier", "place": str(town.stores["cafe"]), "form_id": "1"}
    assert client.post(at("staff"), elsewhere).status_code == 422
    assert client.post(at("staff-end", town.people["owner"])).status_code == 404, (
        "nobody learns another's name by an id"
    )
    assert tenancy.scopes_of(town.people["owner"]) != []
    last = client.post(at("staff-end", town.people["noodles"]))
    assert last.status_code == 409
    assert "This is the last person who may decide for the firm." in text_of(last)


def test_a_key_is_shown_once_and_ends_at_once(town, at_work, at, clock):
    client = at_work("noodles")
    given = {"name": "Till", "rights": ["orders.see", "codes.verify"], "place": "", "form_id": str(new_id())}
    made = client.post(at("keys"), given)
    text = re.search(r"paseo_[0-9a-f]{8}_[\w-]{43}", text_of(made))
    assert text is not None
    scope = tenancy.authenticate_key(text[0], now=clock.now())
    assert scope.rights == {"orders.see", "codes.verify"}
    assert client.post(at("keys"), given).status_code == 303
    page = client.get(at("keys"))
    assert text[0] not in text_of(page)
    assert len(page.context["keys"]) == 1
    key_id = page.context["keys"][0][0].id
    assert at_work("owner").post(at("key-revoke", key_id, firm="cafe")).status_code == 404
    for _ in range(2):
        assert client.post(at("key-revoke", key_id)).status_code == 303
    with pytest.raises(Exception, match="not valid"):
        tenancy.authenticate_key(text[0], now=clock.now())
    nothing = client.post(at("keys"), {"name": "", "form_id": "2"})
    assert nothing.status_code == 422
    assert nothing.context["form"].errors.keys() == {"name", "rights"}
    assert client.post(at("keys"), {"name": "x", "rights": ["staff.edit"], "form_id": "3"}).status_code == 422


@pytest.mark.parametrize("language", ["en", "zh-hans", "es"])
def test_every_page_of_the_store_in_three_languages(town, at_work, at, language):
    client = at_work("noodles", language=language)
    for name in ("store", "store-new", "store-hours", "store-look", "staff", "keys", "ready"):
        response = client.get(at(name))
        assert response.status_code == 200, name
        assert "<script>" not in text_of(response)
        assert not re.search(r"\son[a-z]+=", text_of(response)), name
