"""Who may do what, where: tenants, grants of roles, scopes and API keys.

A *tenant* is a firm (a merchant, the operator, a developer). A *grant* gives a person a role in a tenant, for all of
its places or for one. A *scope* is what a request may do, read anew for every request, so that a revoked grant ends at
once. Rights are asked at the edge (``scope.require``), rows are limited in the query layer (``scope.narrow``). What
belongs to another tenant is refused with ``NotFound``: nobody learns that it exists.
"""
