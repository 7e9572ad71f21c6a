"""The design sheets, the style sheet, language and scheme, and what works without network."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from paseo.platform.ui.stylesheet import FOLDER, PARTS, stylesheet

pytestmark = pytest.mark.django_db
SHEETS = {
    "foundations": "Foundations",
    "objects": "Objects",
    "guest": "Lights on near you",
    "staff": "In hand, by due time",
}
WORDS = {"en": "Lights on near you", "zh-hans": "附近亮着灯的店", "es": "Luces encendidas cerca"}


@pytest.mark.parametrize("language", ["en", "zh-hans", "es"])
@pytest.mark.parametrize("scheme", ["", "light", "dark"])
def test_the_design_sheet_in_each_language_and_scheme(client: Client, language: str, scheme: str) -> None:
    client.cookies["paseo_language"] = language
    if scheme:
        client.cookies["paseo_scheme"] = scheme
    text = client.get(reverse("design")).content.decode()
    assert WORDS[language] in text
    assert f'<html lang="{ {"zh-hans": "zh-Hans"}.get(language, language) }"' in text
    assert (f'<html lang="es" data-scheme="{scheme}">' in text) == (language == "es" and bool(scheme))
    assert "<script>" not in text
    assert not re.search(r"\son[a-z]+=", text), "the content policy forbids inline handlers"


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_renders(client: Client, sheet: str) -> None:
    address = reverse("design") if sheet == "foundations" else reverse("design-sheet", args=[sheet])
    response = client.get(address)
    assert response.status_code == 200
    assert SHEETS[sheet] in response.content.decode()


def test_an_unknown_sheet_is_refused(client: Client) -> None:
    assert client.get(reverse("design-sheet", args=["nothing"])).status_code == 404


def test_the_style_sheet_is_one_file_kept_for_ever_under_its_hash(client: Client) -> None:
    text, version = stylesheet()
    response = client.get(reverse("styles", args=[version]))
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert response.content.decode() == text
    assert client.get(reverse("styles", args=["old"]))["Cache-Control"] == "no-cache"
    assert {part.stem for part in FOLDER.glob("*.css")} == set(PARTS)
    assert text.count("{") == text.count("}")


def test_every_custom_property_that_is_used_is_defined() -> None:
    text, _ = stylesheet()
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    inline = {"--q", "--q2", "--band", "--share", "--row", "--sc", "--ln", "--a"}
    without_default = set(re.findall(r"var\((--[\w-]+)\)", text))
    assert without_default - defined - inline == set()


def test_language_is_chosen_without_an_account(client: Client) -> None:
    response = client.post(reverse("language"), {"language": "zh-hans", "next": "/design/guest/"})
    assert (response.status_code, response["Location"]) == (303, "/design/guest/")
    assert response.cookies["paseo_language"].value == "zh-hans"
    assert "paseo_language" not in client.post(reverse("language"), {"language": "tlh"}).cookies


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_switch_never_leads_away(client: Client, there: str) -> None:
    assert client.post(reverse("language"), {"language": "es", "next": there})["Location"] == "/"
    assert client.post(reverse("scheme"), {"scheme": "dark", "next": there})["Location"] == "/"


def test_scheme_is_chosen_and_given_back_to_the_device(client: Client) -> None:
    assert client.post(reverse("scheme"), {"scheme": "dark"}).cookies["paseo_scheme"].value == "dark"
    assert client.post(reverse("scheme"), {"scheme": ""}).cookies["paseo_scheme"].value == ""
    assert client.get(reverse("language")).status_code == 405


def test_the_service_worker_may_look_after_the_whole_site(client: Client) -> None:
    response = client.get(reverse("service-worker"))
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert stylesheet()[1] in response.content.decode()


def test_the_manifest_and_the_offline_page(client: Client) -> None:
    body = client.get(reverse("manifest")).json()
    assert (body["start_url"], body["display"]) == ("/", "standalone")
    assert "What you have with you" in client.get(reverse("offline")).content.decode()
