"""The console: where shops work and where the operator looks after the city.

``shop_urls`` hang under ``/console/<tenant id>/``, ``city_urls`` under ``/console/city/``. Each page asks for the rights it
needs (``identity.web.scope_required``), reads through doors, and is put into the frame by ``desk.desk`` or ``desk.city``.
"""
