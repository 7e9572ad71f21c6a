from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "paseo.capabilities.ledger"
    label = "ledger"

    def ready(self) -> None:
        from paseo.capabilities.ledger import accounts, auditors, jobs  # noqa: F401 - registers checks and sweeps

        # Emptied tables (tests, restored copies) have no accounts any more.
        post_migrate.connect(lambda **_: accounts.forget(), sender=self, weak=False, dispatch_uid="ledger.accounts")
