"""What every page of every channel needs, meant for the root of the site."""

from django.urls import path

from paseo.platform.ui import views

urlpatterns = [
    path("language/", views.language, name="language"),
    path("scheme/", views.scheme, name="scheme"),
    path("paseo.<slug:version>.css", views.styles, name="styles"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
]
