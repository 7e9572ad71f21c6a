"""Routes: each channel and platform page hangs its own table of routes here."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("paseo.channels.openapi.urls")),
    path("hooks/", include("paseo.channels.openapi.hooks")),
    path("console/", include("paseo.channels.console.urls")),
    path("design/", include("paseo.platform.ui.urls")),
    path("media/", include("paseo.platform.media.urls")),
    path("", include("paseo.platform.ui.site_urls")),
    path("", include("paseo.platform.live.urls")),
    path("", include("paseo.platform.identity.urls")),
    path("", include("paseo.channels.storefront.urls")),
]
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("demo.urls")))

handler400 = "paseo.platform.ui.answers.bad_request"
handler403 = "paseo.platform.ui.answers.forbidden"
handler404 = "paseo.platform.ui.answers.not_found"
handler500 = "paseo.platform.ui.answers.server_error"
