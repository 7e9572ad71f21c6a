"""Shops of the whole city from a file: which column is what, a trial, the run, and every row that was not simply taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from paseo.capabilities.directory.values import CATEGORIES
from paseo.channels.console.city.frame import operators, show, to, zone
from paseo.channels.console.desk import is_part, scope_of
from paseo.channels.console.goods.sending import once
from paseo.channels.console.shop.forms import DeskForm, countries
from paseo.kernel import clock
from paseo.kernel.errors import NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.importing import operations, queries
from paseo.platform.importing.queries import Columns, RunView
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.text import sentence

KIND = "stores"
KEPT = 60 * 60 * 24 * 3
GOING_ON = {"waiting", "running"}
_SALT = "paseo.console.city.importing"


class UploadForm(DeskForm):
    file = forms.FileField(
        label=_("File with shops"),
        help_text=_("CSV, XLSX, GeoJSON, or an extract of OpenStreetMap (.osm.pbf)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.geojson,.json,.gz,.pbf"}),
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: where it lies and what it was called. Known by a signed word, good for three days."""

    path: Path
    name: str
    token: str


def _upload(request: HttpRequest, token: str) -> Upload:
    """Refuses NotFound for another operator's file, a changed word, or a file that is gone."""
    try:
        value = signing.loads(token, salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        raise NotFound from None
    path = settings.VAR / "imports" / Path(value["at"]).name
    if value["tenant"] != str(scope_of(request).tenant_id) or not path.is_file():
        raise NotFound
    return Upload(path, value["name"], token)


def told(run: RunView) -> dict[str, Any]:
    words = {
        "waiting": gettext("Waits for its turn"),
        "running": gettext("Running"),
        "done": gettext("Trial finished") if run.dry_run else gettext("Finished"),
        "failed": gettext("Failed"),
    }
    return {"run": run, "words": words.get(run.state, run.state), "count": run.report}


@require_http_methods(["GET", "POST"])
@operators("merchant.approve")
def upload(request: HttpRequest) -> HttpResponse:
    """A file is handed in here; earlier runs stand below."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            path = operations.keep_upload(file, file.name)
            queries.columns_of(KIND, path, file.name, None)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            value = {"at": path.name, "name": file.name[:120], "tenant": str(scope_of(request).tenant_id)}
            return to(request, "city-import-columns", signing.dumps(value, salt=_SALT, compress=True))
    runs = [told(run) for run in queries.runs(None)]
    status = 422 if request.method == "POST" else 200
    return show(request, "import", "merchants", status=status, form=form, runs=runs)


class ColumnsForm(DeskForm):
    """Which column is which field, and what holds where the file does not say."""

    category = forms.ChoiceField(label=_("Kind of shop, where the file does not say"))
    country = forms.ChoiceField(label=_("Country, where the file does not say"))
    language = forms.ChoiceField(label=_("Language of the names"))

    def __init__(self, columns: Columns, *args: Any, **more: Any) -> None:
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
        named = sorted(
            ((key, localized(one.name)) for key, one in CATEGORIES.items()), key=lambda pair: pair[1].casefold()
        )
        self.fields["category"].choices = named  # type: ignore[attr-defined]
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        self.initial = {"category": "other", "country": "FI", "language": "en", **self.initial}

    @property
    def rows(self) -> list[tuple[Any, str]]:
        """Each field with an example from the file."""
        made = []
        for one in self.columns.fields:
            column = self.columns.mapping.get(one.name, "")
            made.append(
                (
                    self[f"f-{one.name}"],
                    next((row[column] for row in self.columns.rows if column and row.get(column)), ""),
                )
            )
        return made

    @property
    def mapping(self) -> dict[str, str]:
        said = self.cleaned_data
        return {one.name: said[f"f-{one.name}"] for one in self.columns.fields if said.get(f"f-{one.name}")}


@require_http_methods(["GET", "POST"])
@operators("merchant.approve")
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Which column is what. A trial judges every row and writes nothing."""
    kept = _upload(request, token)
    found = queries.columns_of(KIND, kept.path, kept.name, None)
    form = ColumnsForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _start(request, kept, form)
        except Refusal as refusal:
            form.refuse(refusal)
    status = 422 if request.method == "POST" else 200
    return show(request, "import_columns", "merchants", status=status, form=form, upload=kept)


def _start(request: HttpRequest, kept: Upload, form: ColumnsForm) -> HttpResponse:
    scope, said = scope_of(request), form.cleaned_data
    dry = request.POST.get("act") != "run"
    options = {
        "operator_id": str(scope.tenant_id),
        "category": said["category"],
        "country": said["country"],
        "language": said["language"],
    }

    def start() -> str:
        return str(
            operations.start_import(
                kind=KIND,
                path=kept.path,
                file_name=kept.name,
                tenant_id=None,
                now=clock.now(),
                actor=scope.actor,
                mapping=form.mapping,
                options=options,
                dry_run=dry,
                run_id=new_id(),
            )
        )

    run_id = UUID(once(request, start))
    return to(request, "city-import-run", run_id, query=f"?file={kept.token}" if dry else "")


@require_GET
@operators("merchant.approve")
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How a run goes and which rows need a look. htmx asks for the changing part."""
    found = queries.run(None, run_id)
    try:
        kept = _upload(request, request.GET["file"]) if request.GET.get("file") else None
    except NotFound:
        kept = None
    issues = queries.issues(None, run_id)
    context = {
        "run": found,
        "words": told(found)["words"],
        "report": found.report,
        "going_on": found.state in GOING_ON,
        "issues": [(one, sentence(one.sentence, one.params)) for one in issues],
        "more_issues": len(issues) >= 500,
        "has_refusals": bool(found.report.get("refused") or found.report.get("warned")),
        "upload": kept if found.dry_run and found.state == "done" else None,
    }
    if is_part(request):
        return render(request, "console/city/import_run.html#live", {**context, "zone": zone()})
    return show(request, "import_run", "merchants", **context)


@require_GET
@operators("merchant.approve")
def refusals(request: HttpRequest, run_id: UUID) -> FileResponse:
    """All rows that were refused or warned about, with line and reason, as a file to mend and hand in again."""
    found = queries.run(None, run_id)
    path = queries.refusals_file(None, run_id)
    name = f"{Path(found.file_name).stem or 'import'}-refused.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
