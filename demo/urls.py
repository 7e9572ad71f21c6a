"""Pages that only a demo has."""

from django.urls import path

from demo import mailbox

app_name = "demo"

urlpatterns = [
    path("mail/", mailbox.letters, name="letters"),
    path("mail/<uuid:letter_id>/", mailbox.letter, name="letter"),
]
