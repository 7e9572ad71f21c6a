"""The pages: signing in and out, devices, the second factor, and what stays untouched without a session."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from paseo.platform.db.unit import sql_count
from paseo.platform.identity import queries
from paseo.platform.identity.models import Person, Session
from paseo.platform.identity.operations import hire, start_second_factor
from paseo.platform.identity.web import (
    ReadyMade,
    ensure_visitor,
    person_required,
    ready_made_sign_ins,
    safe_next,
    scope_required,
    visitor_of,
)
from paseo.platform.identity.web.access import current_person
from paseo.platform.tenancy.operations import found_tenant, revoke
from paseo.platform.tenancy.queries import grants_of

pytestmark = pytest.mark.django_db

ROSA = "rosa@example.org"


@person_required
def mine(request):
    return HttpResponse(request.person.email)


@scope_required("orders.see")
def orders(request):
    return HttpResponse(request.scope.tenant_name)


@scope_required("money.see")
def money(request):
    return HttpResponse(request.scope.tenant_name)


@pytest.fixture
def visit(rf):
    """Calls a view with the cookies of a client, through the session and person middlewares."""
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    def call(client, view, path="/", **extra):
        request = rf.get(path, **extra)
        request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
        return SessionMiddleware(AuthenticationMiddleware(view))(request)

    return call


def start(client, email=ROSA, **extra):
    return client.post("/sign-in/", {"email": email, **extra})


def test_signing_in_by_code_leads_back(client, clock, code_for):
    response = start(client, next="/orders/7/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/code/")
    assert ROSA in client.get("/sign-in/code/").text
    response = client.post("/sign-in/code/", {"code": code_for(ROSA)})
    assert (response.status_code, response["Location"]) == (302, "/orders/7/")
    assert Session.objects.get().person_id == Person.objects.get().id


def test_the_answer_is_the_same_with_and_without_an_account(client, clock, signed_in):
    known, unknown = Client(), Client()
    answers = [start(browser, email) for browser, email in ((known, ROSA), (unknown, "nobody@example.org"))]
    assert [(answer.status_code, answer["Location"], answer.content) for answer in answers] == [
        (302, "/sign-in/code/", b"")
    ] * 2
    pages = [browser.get("/sign-in/code/").text for browser in (known, unknown)]
    emails = (ROSA, "nobody@example.org")
    tidy = [re.sub(r"\b\w{64}\b", "", page).replace(email, "") for page, email in zip(pages, emails, strict=True)]
    assert tidy[0] == tidy[1]


def test_a_wrong_code_stays_on_the_page_and_says_so(client, clock, code_for):
    start(client)
    code_for(ROSA)
    response = client.post("/sign-in/code/", {"code": "not it"})
    assert response.status_code == 422
    assert "This code is not valid, or no longer." in response.text
    assert "sessionid" not in client.cookies


def test_the_code_page_needs_a_start_in_this_browser(client, clock, code_for):
    start(client)
    stranger = Client()
    assert stranger.get("/sign-in/code/")["Location"] == "/sign-in/"
    stranger.cookies["paseo_sign_in"] = client.cookies["paseo_sign_in"].value[:-2] + "xx"
    assert stranger.post("/sign-in/code/", {"code": code_for(ROSA)})["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "evil",
        "/\t/evil.example",
    ],
)
def test_next_never_leads_outside(client, clock, code_for, target):
    start(client, next=target)
    assert client.post("/sign-in/code/", {"code": code_for(ROSA)})["Location"] == "/"
    assert safe_next(RequestFactory().get("/", {"next": target}), default="/home/") == "/home/"


def test_the_session_gets_a_new_key_when_somebody_signs_in(client, clock, code_for):
    session = client.session
    session["x"] = 1
    session.save()
    before = client.cookies["sessionid"].value
    start(client)
    client.post("/sign-in/code/", {"code": code_for(ROSA)})
    assert client.cookies["sessionid"].value != before
    assert Session.objects.count() == 1


def test_the_key_in_the_cookie_is_not_in_the_table(signed_in):
    assert signed_in.cookies["sessionid"].value not in str(Session.objects.values_list())


def test_pages_without_a_session_cost_nothing_here(client, visit):
    def view(request):
        assert current_person(request) is None
        assert visitor_of(request) is None
        return HttpResponse(str(request.user.is_anonymous))

    with sql_count() as sql:
        response = visit(client, view)
    assert (response.content, sql.count) == (b"True", 0)
    assert not response.cookies
    with sql_count() as sql:
        client.get("/sign-in/")
    assert sql.count == 0, sql.all


def test_who_must_sign_in_comes_back(client, visit):
    assert visit(client, mine, "/me/?a=1")["Location"] == "/sign-in/?next=%2Fme%2F%3Fa%3D1"
    fragment = visit(client, mine, "/me/part/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/me/")
    assert (fragment.status_code, fragment["HX-Redirect"]) == (200, "/sign-in/?next=%2Fme%2F")


def test_a_signed_in_request_costs_two_statements_and_is_not_cached(signed_in, visit):
    with sql_count() as sql:
        response = visit(signed_in, mine)
    assert (response.text, sql.count) == (ROSA, 2), sql.all
    assert response["Cache-Control"] == "private, no-store"


def test_my_devices(signed_in, clock, code_for):
    desk = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0")
    start(desk)
    desk.post("/sign-in/code/", {"code": code_for(ROSA)})
    page = signed_in.get("/me/security/").text
    assert "Firefox · Android" in page and "Edge · Windows" in page
    rosa = Person.objects.get()
    views = queries.sessions(rosa.id, current_key=signed_in.cookies["sessionid"].value)
    assert [(view.device, view.is_current) for view in views] == [
        ("Firefox · Android", True),
        ("Edge · Windows", False),
    ]
    signed_in.post(f"/me/security/sessions/{views[1].handle}/end/")
    assert desk.get("/me/security/").status_code == 302
    assert signed_in.get("/me/security/").status_code == 200


def test_ending_all_others_keeps_this_one(signed_in, clock, code_for):
    others = [Client(), Client()]
    for other in others:
        start(other)
        other.post("/sign-in/code/", {"code": code_for(ROSA)})
    signed_in.post("/me/security/sessions/end/")
    assert [browser.get("/me/security/").status_code for browser in (*others, signed_in)] == [302, 302, 200]


def test_nobody_ends_another_persons_session(signed_in, clock, code_for):
    eve = Client()
    start(eve, "eve@example.org")
    eve.post("/sign-in/code/", {"code": code_for("eve@example.org")})
    handle = Session.objects.get(person_id=Person.objects.get(email=ROSA).id).handle
    assert eve.post(f"/me/security/sessions/{handle}/end/").status_code == 404
    assert signed_in.get("/me/security/").status_code == 200


def test_signing_out_removes_the_session(signed_in):
    assert signed_in.get("/sign-out/").status_code == 405
    signed_in.post("/sign-out/")
    assert Session.objects.count() == 0
    assert signed_in.get("/me/security/").status_code == 302


def test_a_new_password_signs_other_devices_out(signed_in, clock, code_for):
    other = Client()
    start(other)
    other.post("/sign-in/code/", {"code": code_for(ROSA)})
    assert signed_in.post("/me/security/password/", {"password": "short"}).status_code == 422
    assert signed_in.post("/me/security/password/", {"password": "a long enough one"}).status_code == 302
    assert other.get("/me/security/").status_code == 302
    assert signed_in.get("/me/security/").status_code == 200
    by_password = Client()
    response = by_password.post(
        "/sign-in/password/", {"email": ROSA, "password": "a long enough one", "next": "/me/security/"}
    )
    assert response["Location"] == "/me/security/"


def test_the_last_use_is_noted_once_an_hour(signed_in, clock):
    clock.advance(minutes=61)
    signed_in.get("/me/security/")
    assert Session.objects.get().seen_at == clock.now()
    clock.advance(minutes=59)
    signed_in.get("/me/security/")
    assert Session.objects.get().seen_at == clock.now() - timedelta(minutes=59)


def test_money_asks_for_the_second_factor_and_gets_twelve_hours(signed_in, clock, visit):
    firm = found_tenant(kind="merchant", name="El Rey", now=clock.now())
    hire(email=ROSA, tenant_id=firm, role="owner", now=clock.now(), by=None)
    assert visit(signed_in, orders).text == "El Rey"
    assert visit(signed_in, money, "/money/")["Location"] == "/me/security/second-factor/?next=%2Fmoney%2F"
    set_up = signed_in.get("/me/security/second-factor/?next=/money/")
    assert set_up["Location"] == "/me/security/second-factor/set-up/?next=%2Fmoney%2F"
    assert "<svg" in signed_in.get(set_up["Location"]).text

    rosa = Person.objects.get().id
    app = pyotp.TOTP(start_second_factor(person_id=rosa, now=clock.now()).secret)
    page = signed_in.post("/me/security/second-factor/set-up/", {"code": app.at(clock.now()), "next": "/money/"})
    assert page.text.count("<code>") == 10 and 'href="/money/"' in page.text
    assert visit(signed_in, money).text == "El Rey"

    clock.advance(hours=12)
    assert visit(signed_in, money)["Location"].startswith("/me/security/second-factor/")
    response = signed_in.post("/me/security/second-factor/", {"code": app.at(clock.now()), "next": "/money/"})
    assert response["Location"] == "/money/"
    assert visit(signed_in, money).text == "El Rey"


def test_the_second_factor_counts_on_its_own_device_only(signed_in, clock, visit, code_for):
    firm = found_tenant(kind="merchant", name="El Rey", now=clock.now())
    hire(email=ROSA, tenant_id=firm, role="owner", now=clock.now(), by=None)
    app = pyotp.TOTP(start_second_factor(person_id=Person.objects.get().id, now=clock.now()).secret)
    signed_in.post("/me/security/second-factor/set-up/", {"code": app.at(clock.now())})
    thief = Client()
    start(thief)
    thief.post("/sign-in/code/", {"code": code_for(ROSA)})
    assert visit(thief, money).status_code == 302
    assert thief.post("/me/security/password/", {"password": "a long enough one"})["Location"].startswith(
        "/me/security/second-factor/"
    )
    assert visit(signed_in, money).text == "El Rey"


def test_a_helper_who_leaves_is_out_with_the_next_request(signed_in, clock, visit):
    from paseo.kernel.errors import NotAllowedHere

    firm = found_tenant(kind="merchant", name="El Rey", now=clock.now())
    grant = hire(email=ROSA, tenant_id=firm, role="cashier", now=clock.now(), by=None)
    assert visit(signed_in, orders).text == "El Rey"
    assert [view.id for view in grants_of(Person.objects.get().id)] == [grant]
    revoke(grant_id=grant, now=clock.now(), by=None)
    with pytest.raises(NotAllowedHere):
        visit(signed_in, orders)


def test_a_visitor_is_remembered_only_when_asked_for_and_the_cookie_is_not_the_id(rf):
    request = rf.get("/")
    assert visitor_of(request) is None
    visitor = ensure_visitor(request)
    response = HttpResponse()
    assert ensure_visitor(request, response) == visitor == visitor_of(request)
    cookie = response.cookies["paseo_visitor"]
    assert len(cookie.value) == 32 and cookie.value not in (visitor.hex, str(visitor))
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    later = rf.get("/")
    later.COOKIES["paseo_visitor"] = cookie.value
    assert visitor_of(later) == visitor
    again = HttpResponse()
    assert ensure_visitor(later, again) == visitor and not again.cookies


@pytest.mark.parametrize("cookie", ["", "x", "'; DROP TABLE", "g" * 32, "a" * 33])
def test_a_made_up_visitor_cookie_is_nobody(rf, cookie):
    request = rf.get("/")
    request.COOKIES["paseo_visitor"] = cookie
    assert visitor_of(request) is None


def test_ready_made_sign_ins_are_dead_outside_a_demo(client, settings, clock, monkeypatch):
    from paseo.platform.identity import ready_made
    from paseo.platform.identity.operations import person_for_email

    monkeypatch.setattr(ready_made, "_sources", [])
    ready_made_sign_ins(lambda: [ReadyMade(ROSA, "Rosa, a guest", "/orders/")])
    person_for_email(email=ROSA, now=clock.now())
    person_for_email(email="boss@example.org", now=clock.now())
    settings.DEMO = False
    assert "Rosa, a guest" not in client.get("/sign-in/").text
    assert client.post("/sign-in/ready-made/", {"email": ROSA}).status_code == 404
    settings.DEMO = True
    assert "Rosa, a guest" in client.get("/sign-in/").text
    assert client.post("/sign-in/ready-made/", {"email": "boss@example.org"}).status_code == 404
    assert client.post("/sign-in/ready-made/", {"email": ROSA})["Location"] == "/orders/"


@pytest.mark.parametrize(
    "language, words", [("zh-hans", "我们会发送验证码"), ("es", "Te enviamos un código"), ("en", "We send you a code")]
)
def test_the_sign_in_page_in_three_languages(client, language, words):
    assert words in client.get("/sign-in/", HTTP_ACCEPT_LANGUAGE=language).text


def test_every_page_renders_in_chinese(signed_in, clock):
    signed_in.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    for path, words in (
        ("/me/security/", "已登录的设备"),
        ("/me/security/second-factor/set-up/", "设置二次验证"),
    ):
        assert words in signed_in.get(path).text


def test_hiring_writes_a_letter_in_the_persons_language(clock, db):
    from paseo.platform.notices.queries import letters
    from paseo.platform.notices.sending import send_due

    firm = found_tenant(kind="merchant", name="El Rey", now=clock.now())
    hire(email="ana@example.org", tenant_id=firm, role="cashier", now=clock.now(), by=None, locale="zh-hans")
    send_due()
    letter = letters(to="ana@example.org")[0]
    assert letter.subject == "您现在可以为 El Rey 工作了"
    assert "“收银员”" in letter.body
