"""Routes of the storefront: finding things, and buying them."""

from importlib.util import find_spec

from django.urls import URLPattern, path

from paseo.channels.storefront import basemap, near, product, reviews, robots, search, store, touchpoints

app_name = "storefront"

discovery: list[URLPattern] = [
    path("", near.home, name="home"),
    path("here/", near.where, name="here"),
    path("search/", search.results, name="search"),
    path("t/<str:token>", touchpoints.scan, name="touchpoint"),
    path("s/<slug:slug>/", store.page, name="store"),
    path("s/<slug:slug>/reviews/", reviews.of_store, name="store-reviews"),
    path("s/<slug:slug>/tickets/<uuid:program_id>/", store.keep_coupon, name="keep-coupon"),
    path("s/<slug:slug>/<uuid:offer_id>/", product.sheet, name="product"),
    path("basemap/<slug:layer>.geojson", basemap.layer, name="basemap"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
]
buying: list[URLPattern] = []
if find_spec("paseo.channels.storefront.buying_urls"):
    from paseo.channels.storefront.buying_urls import urlpatterns as buying

urlpatterns = [*discovery, *buying]
