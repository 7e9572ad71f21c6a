from django.urls import path

from paseo.platform.live import views

app_name = "live"
urlpatterns = [
    path("events", views.events, name="events"),
    path("healthz", views.healthz, name="healthz"),
]
