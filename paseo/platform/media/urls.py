from django.urls import path

from paseo.platform.media import views

app_name = "media"

urlpatterns = [
    path("papers/<uuid:media_id>/", views.paper, name="paper"),
    path("<uuid:media_id>/<int:width>.webp", views.image, name="image"),
]
