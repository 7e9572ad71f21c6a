"""Signing in and out, and what a person sees about the safety of their account."""

from django.urls import path

from paseo.platform.identity.web import views_address as address
from paseo.platform.identity.web import views_security as security
from paseo.platform.identity.web import views_sign_in as signing

app_name = "identity"

urlpatterns = [
    path("sign-in/", signing.start, name="sign-in"),
    path("sign-in/code/", signing.code, name="code"),
    path("sign-in/password/", signing.password, name="password"),
    path("sign-in/ready-made/", signing.ready_made, name="ready-made"),
    path("sign-out/", signing.leave, name="sign-out"),
    path("me/security/", security.overview, name="security"),
    path("me/security/address/", address.new_address, name="new-address"),
    path("me/security/address/code/", address.confirm, name="new-address-code"),
    path("me/security/password/", security.change_password, name="change-password"),
    path("me/security/sessions/end/", security.end_others, name="end-others"),
    path("me/security/sessions/<uuid:handle>/end/", security.end_one, name="end-session"),
    path("me/security/second-factor/", security.second_factor, name="second-factor"),
    path("me/security/second-factor/set-up/", security.set_up, name="set-up"),
    path("me/security/second-factor/recovery-codes/", security.recovery_codes, name="recovery-codes"),
    path("me/security/second-factor/off/", security.turn_off, name="turn-off"),
]
