"""Routes of the console."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from paseo.channels.console import entry
from paseo.channels.console.shop import apply

app_name = "console"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", entry.enter, name="enter"),
    path("apply/", apply.apply, name="apply"),
]
for module, prefix in (("city_urls", "city/"), ("goods_urls", "<uuid:tenant_id>/"), ("shop_urls", "<uuid:tenant_id>/")):
    if find_spec(f"paseo.channels.console.{module}"):
        urlpatterns.append(path(prefix, include(f"paseo.channels.console.{module}")))
