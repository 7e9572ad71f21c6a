"""Spreadsheets of goods: which column is what, a trial, the run, and every row that was not simply taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from paseo.channels.console.desk import is_part, own_store, scope_of, staff, store_of, stores_of
from paseo.channels.console.goods.forms import DeskForm
from paseo.channels.console.goods.product_forms import store_words
from paseo.channels.console.goods.sending import id_or_404, once, require_whole_firm, show, to
from paseo.channels.console.goods.words import tax_choices
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.importing import operations, queries
from paseo.platform.importing.queries import Columns, RunView
from paseo.platform.ui.text import sentence

KIND = "goods"
_SALT = "paseo.console.imports"
KEPT = 60 * 60 * 24 * 3
GOING_ON = {"waiting", "running"}


class UploadForm(DeskForm):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or XLSX. The first row names the columns; the order does not matter."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.gz"}),
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: where it lies, what it was called. Known by a signed word, good for three days."""

    path: Path
    name: str
    token: str


def _token(request: HttpRequest, path: Path, name: str) -> str:
    value = {"at": path.name, "name": name[:120], "tenant": str(scope_of(request).tenant_id)}
    return signing.dumps(value, salt=_SALT, compress=True)


def _upload(request: HttpRequest, token: str) -> Upload:
    """Refuses NotFound for another firm's file, a changed word, or a file that is gone."""
    try:
        value = signing.loads(token, salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        raise NotFound from None
    path = settings.VAR / "imports" / Path(value["at"]).name
    if value["tenant"] != str(scope_of(request).tenant_id) or not path.is_file():
        raise NotFound
    return Upload(path, value["name"], token)


@require_http_methods(["GET", "POST"])
@staff("catalog.edit")
def imports(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """A file is handed in here; earlier runs stand below."""
    require_whole_firm(request)
    form, status = UploadForm(), 200
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                path = operations.keep_upload(file, file.name)
                queries.columns_of(KIND, path, file.name, tenant_id)
            except Refusal as refusal:
                status = form.take(refusal)
            else:
                return to(request, "import-columns", _token(request, path, file.name))
        else:
            status = 422
    runs = [_told(one) for one in queries.runs(tenant_id)]
    return show(request, "imports", "catalog", status=status, form=form, runs=runs, tab="imports")


@dataclass(frozen=True, slots=True)
class Told:
    run: RunView
    words: str

    @property
    def count(self) -> Mapping[str, int]:
        return self.run.report


def _told(run: RunView) -> Told:
    words = {
        "waiting": gettext("Waits for its turn"),
        "running": gettext("Running"),
        "done": gettext("Trial finished") if run.dry_run else gettext("Finished"),
        "failed": gettext("Failed"),
    }
    return Told(run, words.get(run.state, run.state))


class ColumnsForm(DeskForm):
    """Which column is which field, and for which store prices and stock are."""

    tax_class = forms.ChoiceField(label=_("Tax, where the file does not say"))
    store = forms.ChoiceField(label=_("Prices and stock are for"))

    def __init__(self, columns: Columns, request: HttpRequest, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.columns = columns
        choices = [("", gettext("Not in this file")), *((one, one) for one in columns.columns)]
        for one in columns.fields:
            self.fields[f"f-{one.name}"] = forms.ChoiceField(
                label=gettext(one.label),
                choices=choices,
                required=one.required,
                initial=columns.mapping.get(one.name, ""),
            )
        store = store_of(request)
        self.fields["tax_class"].choices = tax_choices(store)  # type: ignore[attr-defined]
        self.fields["store"].choices = [(str(card.id), store_words(card)) for card in stores_of(request)]  # type: ignore[attr-defined]
        self.initial = {**self.initial, "tax_class": "food", "store": str(store.id) if store else ""}

    @property
    def rows(self) -> list[tuple[Any, str, bool]]:
        """Each field with an example from the file, and whether its column was found by itself."""
        made = []
        for one in self.columns.fields:
            column = self.columns.mapping.get(one.name, "")
            example = next((row[column] for row in self.columns.rows if column and row.get(column)), "")
            made.append((self[f"f-{one.name}"], example, bool(column)))
        return made

    @property
    def chosen(self) -> list[tuple[Any, str, bool]]:
        """What is needed or was found, for the table; the rest stands below it."""
        return [row for row in self.rows if row[2] or row[0].field.required or row[0].errors]

    @property
    def others(self) -> list[tuple[Any, str, bool]]:
        shown = {row[0].name for row in self.chosen}
        return [row for row in self.rows if row[0].name not in shown]

    @property
    def unused(self) -> list[str]:
        used = set(self.columns.mapping.values())
        return [one for one in self.columns.columns if one not in used]

    @property
    def mapping(self) -> dict[str, str]:
        said = self.cleaned_data
        return {one.name: said[f"f-{one.name}"] for one in self.columns.fields if said.get(f"f-{one.name}")}


@require_http_methods(["GET", "POST"])
@staff("catalog.edit")
def columns(request: HttpRequest, tenant_id: UUID, token: str) -> HttpResponse:
    """Which column is what. A trial judges every row and writes nothing."""
    require_whole_firm(request)
    upload = _upload(request, token)
    found = queries.columns_of(KIND, upload.path, upload.name, tenant_id)
    form = ColumnsForm(found, request, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return _start(request, upload, form)
            except Refusal as refusal:
                status = form.take(refusal)
        else:
            status = 422
    return show(
        request, "import_columns", "catalog", status=status, form=form, upload=upload, columns=found, tab="imports"
    )


def _start(request: HttpRequest, upload: Upload, form: ColumnsForm) -> HttpResponse:
    scope, said = scope_of(request), form.cleaned_data
    card = own_store(request, id_or_404(said["store"]))
    dry = request.POST.get("act") != "run"
    run_id = once(
        request,
        lambda: str(
            operations.start_import(
                kind=KIND,
                path=upload.path,
                file_name=upload.name,
                tenant_id=scope.tenant_id,
                now=clock.now(),
                actor=scope.actor,
                mapping=form.mapping,
                options={"store_ids": [str(card.id)], "tax_class": said["tax_class"]},
                dry_run=dry,
                run_id=new_id(),
            )
        ),
    )
    kept = urlencode({"file": upload.token, "store": card.id, "tax_class": said["tax_class"]})
    return to(request, "import-run", id_or_404(run_id), query=f"?{kept}" if dry else "")


@require_http_methods(["GET"])
@staff("catalog.edit")
def run(request: HttpRequest, tenant_id: UUID, run_id: UUID) -> HttpResponse:
    """How a run goes, what came of it, and which rows need a look. htmx asks for the changing part."""
    require_whole_firm(request)
    found, here = queries.run(tenant_id, run_id), store_of(request)
    token = request.GET.get("file", "")
    try:
        upload = _upload(request, token) if token else None
    except NotFound:
        upload = None
    issues = queries.issues(tenant_id, run_id)
    told = [
        (
            one,
            sentence(one.sentence, one.params),
            gettext("Refused") if one.level == "refused" else gettext("Taken"),
            " · ".join(filter(None, one.values.values())),
        )
        for one in issues
    ]
    context = {
        "run": found,
        "told": _told(found),
        "going_on": found.state in GOING_ON,
        "report": found.report,
        "issues": told,
        "upload": upload if found.dry_run and found.state == "done" else None,
        "tenant_id": tenant_id,
        "zone": here.zone if here else "UTC",
        "store": here,
        "more_issues": len(issues) >= 500,
        "fit": found.report.get("rows", 0) - found.report.get("refused", 0),
        "again": _again(request, found),
        "key": new_id(),
    }
    if is_part(request):
        return render(request, "console/goods/import_run.html#progress", context)
    del context["zone"], context["store"], context["tenant_id"]
    return show(request, "import_run", "catalog", tab="imports", **context)


def _again(request: HttpRequest, run: RunView) -> list[tuple[str, str]]:
    """The form of the trial, so that the same can be done in earnest with one press."""
    chosen = {f"f-{name}": column for name, column in run.report.get("mapping", {}).items()}
    chosen["tax_class"] = request.GET.get("tax_class", "food")
    return list(chosen.items())


@require_GET
@staff("catalog.edit")
def refusals(request: HttpRequest, tenant_id: UUID, run_id: UUID) -> HttpResponse:
    """All rows that were refused or warned about, with line and reason, as a file to mend and hand in again."""
    require_whole_firm(request)
    found = queries.run(tenant_id, run_id)
    path = queries.refusals_file(tenant_id, run_id)
    name = f"{Path(found.file_name).stem or 'import'}-refused.csv"
    response = HttpResponse(path.read_bytes(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
