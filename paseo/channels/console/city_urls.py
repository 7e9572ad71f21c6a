"""Routes of the operator's pages, under ``/console/city/``."""

from django.urls import path

from paseo.channels.console.city import (
    audits,
    events,
    importing,
    merchant,
    merchant_acts,
    merchants,
    order,
    orders,
    overview,
    payment,
)

urlpatterns = [
    path("", overview.city, name="city"),
    path("stages/", overview.stages, name="city-stages"),
    path("stores/<uuid:store_id>/", overview.store, name="city-store"),
    path("merchants/", merchants.listing, name="merchants"),
    path("merchants/import/", importing.upload, name="city-import"),
    path("merchants/import/columns/<str:token>/", importing.columns, name="city-import-columns"),
    path("merchants/import/runs/<uuid:run_id>/", importing.run, name="city-import-run"),
    path("merchants/import/runs/<uuid:run_id>/refused.csv", importing.refusals, name="city-import-refusals"),
    path("merchants/<uuid:merchant_id>/", merchant.merchant, name="city-merchant"),
    path("merchants/<uuid:merchant_id>/contract/", merchant_acts.sign, name="city-contract"),
    path("merchants/<uuid:merchant_id>/<slug:act>/", merchant_acts.act, name="city-merchant-act"),
    path("orders/", orders.listing, name="city-orders"),
    path("orders/<uuid:order_id>/", order.order, name="city-order"),
    path("orders/<uuid:order_id>/refund/", order.refund, name="city-order-refund"),
    path("payments/<uuid:payment_id>/", payment.payment, name="city-payment"),
    path("payments/<uuid:payment_id>/return/", payment.give_back, name="city-payment-return"),
    path("payments/<uuid:payment_id>/ask/", payment.ask, name="city-payment-ask"),
    path("refunds/<uuid:refund_id>/", payment.refund, name="city-refund"),
    path("refunds/<uuid:refund_id>/again/", payment.retry, name="city-refund-again"),
    path("events/", events.events, name="events"),
    path("events/retry/", events.retry_all, name="events-retry"),
    path("events/<uuid:failure_id>/retry/", events.retry, name="event-retry"),
    path("events/<uuid:failure_id>/dismiss/", events.dismiss, name="event-dismiss"),
    path("events/messages/<uuid:delivery_id>/again/", events.send_again, name="message-again"),
    path("audit/", audits.listing, name="audit"),
    path("audit/run/", audits.run, name="audit-run"),
]
