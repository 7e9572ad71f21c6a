"""Why a file as a whole is not taken."""

from __future__ import annotations

from paseo.kernel.errors import N_, NotFound, Refusal


class UnknownKind(NotFound):
    code = "importing.unknown_kind"
    what = N_("Nothing called “{kind}” can be imported.")
    remedy = N_("Possible are: {kinds}.")


class UnreadableFile(Refusal):
    code = "importing.unreadable_file"
    status = 422
    what = N_("The file “{name}” cannot be read: {why}")
    meaning = N_("Nothing was imported.")
    remedy = N_("Save it again as CSV (UTF-8), XLSX, GeoJSON or .osm.pbf and try once more.")


class WrongFormat(Refusal):
    code = "importing.wrong_format"
    status = 422
    what = N_("A file of the kind {format} cannot hold {kind}.")
    meaning = N_("Nothing was imported.")
    remedy = N_("Choose another file.")


class MissingColumns(Refusal):
    """``missing`` are the fields without a column; ``columns`` those of the file."""

    code = "importing.missing_columns"
    status = 422
    what = N_("The file has no column for: {missing}.")
    meaning = N_("Nothing was imported.")
    remedy = N_("Say which column it is. The file has: {columns}.")


class UnknownColumn(Refusal):
    code = "importing.unknown_column"
    status = 422
    what = N_("The mapping names “{column}”, but the file or the kind has no such column or field.")
    meaning = N_("Nothing was imported.")
    remedy = N_("The file has: {columns}.")


class TooLarge(Refusal):
    code = "importing.too_large"
    status = 413
    what = N_("The file is larger than {megabytes} MB.")
    meaning = N_("Nothing was imported.")
    remedy = N_("Split it, or ask the operator to raise IMPORT_BYTES.")
