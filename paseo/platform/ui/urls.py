"""The design sheet. What every page needs (language, scheme, style sheet, service worker) is in ``site_urls``."""

from django.urls import path

from paseo.platform.ui import views

urlpatterns = [
    path("", views.design, name="design"),
    path("<slug:sheet_name>/", views.design, name="design-sheet"),
]
