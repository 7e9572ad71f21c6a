"""Routes of a shop's own pages, under ``/console/<tenant id>/``."""

from django.urls import path

from paseo.channels.console.shop import (
    acts,
    board,
    counter,
    facade,
    hours,
    keys,
    order,
    orders,
    people,
    ready,
    store,
    today,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("needs/", today.needs, name="needs"),
    path("board/", board.board, name="board"),
    path("orders/", orders.listing, name="orders"),
    path("orders/<uuid:order_id>/", order.order, name="order"),
    path("orders/<uuid:order_id>/<slug:act>/", acts.act, name="order-act"),
    path("verify/", counter.verify, name="verify"),
    path("verify/use/", counter.use, name="verify-use"),
    path("verify/counter/", counter.name_terminal, name="verify-terminal"),
    path("verify/<uuid:redemption_id>/undo/", counter.undo, name="verify-undo"),
    path("store/", store.edit, name="store"),
    path("store/new/", store.new, name="store-new"),
    path("store/pause/", store.pause, name="store-pause"),
    path("store/open/", store.open_again, name="store-open"),
    path("store/photo/", facade.photo, name="store-photo"),
    path("store/hours/", hours.hours, name="store-hours"),
    path("store/look/", facade.look, name="store-look"),
    path("staff/", people.staff_page, name="staff"),
    path("staff/<uuid:person_id>/end/", people.end, name="staff-end"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke/", keys.revoke, name="key-revoke"),
    path("ready/", ready.ready, name="ready"),
    path("ready/papers/", ready.add_paper, name="ready-papers"),
    path("ready/live/", ready.go_live, name="ready-live"),
]
