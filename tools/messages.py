"""Translations without a system gettext: collects, compiles and checks the texts of every app that has a ``locale``.

    python tools/messages.py update  [folder …]   write the texts found into locale/<language>/LC_MESSAGES/django.po
    python tools/messages.py compile [folder …]   make the .mo files that Django reads, where the .po is newer
    python tools/messages.py check   [folder …]   exit 1 and list each text that is missing, fuzzy or oddly filled in

English is the source; the languages are those in LANGUAGES. A file belongs to the nearest folder above it that has a
``locale`` folder; ``update some/app`` makes that folder for a new app. Texts come from Python (gettext and its
relatives, under any import alias) and from templates. The .po files carry no dates and no line numbers and are sorted,
so that two people's changes merge. ``update`` also gives Chinese translations their full-width marks.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOPS = ("config", "paseo", "demo", "outside")
PASSED_BY = {"migrations", "locale", "static", "node_modules", "__pycache__", "var", ".venv"}

LANGUAGES = {
    "zh_Hans": "nplurals=1; plural=0;",
    "es": "nplurals=2; plural=(n != 1);",
}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""

# function → position of (context, text, plural)
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
FUNCTIONS |= {f"{name}_lazy": places for name, places in FUNCTIONS.items()}
FUNCTIONS["gettext_noop"] = FUNCTIONS["N_"] = (None, 0, None)

Key = tuple[str | None, str]


@dataclass
class Texts:
    """What one folder says: (context, text) → its plural, if it has one; and what is wrong with how it says it."""

    plurals: dict[Key, str | None] = field(default_factory=dict)
    where: dict[Key, Path] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, file: Path, context: str | None, text: str, plural: str | None = None) -> None:
        if not text:
            return
        key = (context, text)
        known = self.plurals.get(key)
        if known and plural and known != plural:
            self.faults.append(f"{file}: {text!r} has two plurals: {known!r} and {plural!r}")
        self.plurals[key] = known or plural
        self.where.setdefault(key, file)


# Collecting


def from_python(source: str, file: Path, texts: Texts) -> None:
    tree = ast.parse(source, str(file))
    names = dict(FUNCTIONS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for imported in node.names:
                if imported.asname and imported.name in FUNCTIONS:
                    names[imported.asname] = FUNCTIONS[imported.name]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            places = names.get(node.func.id)
        elif isinstance(node.func, ast.Attribute):
            places = FUNCTIONS.get(node.func.attr)
        else:
            continue
        if places is None:
            continue
        context_at, text_at, plural_at = places
        wanted = [at for at in places if at is not None]
        if len(node.args) <= max(wanted):
            continue
        if any(_is_filled_in(node.args[at]) for at in wanted):
            texts.faults.append(f"{file}:{node.lineno}: the text is filled in before it is translated; fill in after")
            continue
        values = [_constant(node.args[at]) for at in wanted]
        if any(value is None for value in values):
            continue  # a variable: its text is marked where it is written, with gettext_noop or gettext_lazy
        context = _constant(node.args[context_at]) if context_at is not None else None
        plural = _constant(node.args[plural_at]) if plural_at is not None else None
        texts.add(file, context, _constant(node.args[text_at]) or "", plural)


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_filled_in(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return _constant(node.left) is not None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _constant(node.func.value) is not None
    return False


def from_template(source: str, file: Path, texts: Texts) -> None:
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    python_like = templatize(source, origin=str(file))
    # What is left of the page keeps its indentation, which the tokeniser would take for Python's.
    flat = "\n".join(line.strip() for line in python_like.splitlines())
    keywords: dict[str, Any] = {
        "_": None,
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }
    for _line, message, _comments, context in extract("python", BytesIO(flat.encode()), keywords=keywords):
        if str(message).endswith("\\"):
            texts.faults.append(f"{file}: {message!r} ends at a quotation mark inside it; use the other kind of mark")
        elif isinstance(message, str):
            texts.add(file, context, message)
        else:
            texts.add(file, context, message[0], message[1])


def files_under(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in PASSED_BY)
        for name in sorted(names):
            inside_templates = "templates" in Path(here).parts
            if name.endswith((".py", ".html")) or (name.endswith(".txt") and inside_templates):
                yield Path(here) / name


def owner(file: Path, root: Path) -> Path | None:
    if root / "paseo" / "kernel" in file.parents:
        return (
            root / "paseo" / "platform" / "ui"
        )  # the kernel is pure: its sentences are translated where they are shown
    for folder in file.parents:
        if (folder / "locale").is_dir():
            return folder
        if folder == root:
            return None
    return None


def app(file: Path, root: Path) -> Path:
    return next((folder for folder in file.parents if (root / folder / "apps.py").exists()), file.parent)


def collect(root: Path, folders: Iterable[Path]) -> tuple[dict[Path, Texts], Texts]:
    """The texts of each folder that has a ``locale``, and those that belong to no such folder."""
    by_owner: dict[Path, Texts] = {}
    homeless = Texts()
    for folder in folders:
        for file in files_under(folder):
            source = file.read_text(encoding="utf-8")
            if "gettext" not in source and "trans" not in source and "_(" not in source:
                continue
            home = owner(file, root)
            texts = homeless if home is None else by_owner.setdefault(home, Texts())
            shown = file.relative_to(root)
            try:
                (from_python if file.suffix == ".py" else from_template)(source, shown, texts)
            except SyntaxError as error:
                texts.faults.append(f"{shown}: {error}")
        for home in homes(folder):
            by_owner.setdefault(home, Texts())
    return by_owner, homeless


def homes(folder: Path) -> Iterator[Path]:
    for here, folders, _names in os.walk(folder):
        if "locale" in folders:
            yield Path(here)
        folders[:] = sorted(name for name in folders if name not in PASSED_BY)


def in_order(texts: Texts) -> list[Key]:
    return sorted(texts.plurals, key=lambda key: (key[1], key[0] or ""))


# Chinese has its own marks. An ASCII mark that touches a Chinese character is a slip of the keyboard.
HAN = "[\u3400-\u9fff\u3001-\u300d\u201c\u201d]"
WIDE = str.maketrans(",;:!?", "\uff0c\uff1b\uff1a\uff01\uff1f")
NARROW_MARK = re.compile(rf"(?:(?<={HAN})[,;:!?]|(?<![0-9])[,;:!?](?= ?{HAN}))(?: (?=\S))?")
NARROW_STOP = re.compile(rf"(?<={HAN})\.(?=\s|$)")
NARROW_PAIR = re.compile(rf"(?<!%) ?\(([^()<>]*{HAN}[^()<>]*)\) ?")


def with_chinese_marks(text: str) -> str:
    text = NARROW_MARK.sub(lambda found: found[0].strip().translate(WIDE), text)
    text = NARROW_STOP.sub("\u3002", text)
    return NARROW_PAIR.sub("\uff08\\1\uff09", text)


# Reading and writing .po


def po_path(home: Path, language: str) -> Path:
    return home / "locale" / language / "LC_MESSAGES" / "django.po"


def header(language: str) -> bytes:
    return HEADER.format(language=language, plurals=LANGUAGES[language]).encode()


def read_po(path: Path, language: str) -> Any:
    from babel.messages.pofile import read_po as read

    content = path.read_bytes() if path.exists() else header(language)
    return read(BytesIO(content), locale=language, abort_invalid=True)


def forms(message: Any) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string,)


def write_po(path: Path, language: str, texts: Texts) -> bool:
    """Write the texts with the translations that are there already; says whether the file changed."""
    from babel.messages.pofile import write_po as write

    old = read_po(path, language)
    new = read_po(Path("/nonexistent"), language)
    for context, text in in_order(texts):
        plural = texts.plurals[context, text]
        known = old.get(text, context)
        said = forms(known) if known else ("",)
        if language.startswith("zh"):
            said = tuple(map(with_chinese_marks, said))
        string = tuple((said + ("",) * new.num_plurals)[: new.num_plurals]) if plural else said[0]
        new.add(
            (text, plural) if plural else text,
            string,
            context=context,
            flags=known.flags - {"python-format", "python-brace-format"} if known else (),
            user_comments=known.user_comments if known else (),
        )
    body = BytesIO()
    write(body, new, width=0, no_location=True, omit_header=True, sort_output=True)
    content = (header(language) + body.getvalue().strip()).strip() + b"\n"
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


# The three commands


def update(root: Path, folders: list[Path]) -> int:
    by_owner, homeless = collect(root, folders)
    changed = 0
    for home, texts in sorted(by_owner.items()):
        for fault in texts.faults:
            print(f"note: {fault}", file=sys.stderr)
        for language in LANGUAGES:
            if write_po(po_path(home, language), language, texts):
                changed += 1
                print(f"updated {po_path(home, language).relative_to(root)}")
    for file in sorted(set(homeless.where.values())):
        print(f"note: {file} has texts but no locale folder above it", file=sys.stderr)
    if not changed:
        print("Nothing to update.")
    return 0


def compile_stale(root: Path = ROOT, folders: Iterable[Path] | None = None) -> list[Path]:
    """Make every .mo that is missing or older than its .po. Costs a directory walk when there is nothing to do."""
    made = []
    for home in (home for folder in folders or tops(root) for home in homes(folder)):
        for po in sorted((home / "locale").glob("*/LC_MESSAGES/*.po")):
            mo = po.with_suffix(".mo")
            if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
                continue
            from babel.messages.mofile import write_mo

            content = BytesIO()
            write_mo(content, read_po(po, po.parts[-3]))
            partial = mo.with_name(f".{mo.name}.{os.getpid()}")
            partial.write_bytes(content.getvalue())
            partial.replace(mo)
            made.append(mo)
    return made


def compile_all(root: Path, folders: list[Path]) -> int:
    for mo in compile_stale(root, folders):
        print(f"compiled {mo.relative_to(root)}")
    return 0


def check(root: Path, folders: list[Path]) -> int:
    by_owner, homeless = collect(root, folders)
    faults = list(homeless.faults)
    faults += [
        f"{file}: has texts but no locale folder above it (run: python tools/messages.py update {app(file, root)})"
        for file in sorted(set(homeless.where.values()))
    ]
    said: dict[tuple[str, str | None, str], tuple[tuple[str, ...], Path]] = {}
    for home, texts in sorted(by_owner.items()):
        faults += texts.faults
        for language in LANGUAGES:
            path = po_path(home, language)
            shown = path.relative_to(root)
            if not path.exists():
                if texts.plurals:
                    faults.append(f"{shown}: not there, {len(texts.plurals)} texts to translate")
                continue
            try:
                catalog = read_po(path, language)
            except Exception as error:  # babel raises several kinds for a malformed file
                faults.append(f"{shown}: cannot be read: {error}")
                continue
            for context, text in in_order(texts):
                plural = texts.plurals[context, text]
                message = catalog.get(text, context)
                fault = _fault(message, text, plural, catalog.num_plurals)
                if not fault and language.startswith("zh"):
                    narrow = any(with_chinese_marks(form) != form for form in forms(message))
                    fault = "ASCII marks in Chinese (update corrects them)" if narrow else None
                if fault:
                    faults.append(f"{shown}: {fault}: {text!r}" + (f" ({context})" if context else ""))
                    continue
                before, other = said.setdefault((language, context, text), (forms(message), shown))
                if before[0] != forms(message)[0]:
                    print(
                        f"note: {text!r} is {before[0]!r} in {other} but {forms(message)[0]!r} in {shown}:"
                        " only the first app's is shown; give one of them a context (pgettext)",
                        file=sys.stderr,
                    )
    for fault in faults:
        print(fault)
    texts_checked = sum(len(texts.plurals) for texts in by_owner.values())
    languages = ", ".join(LANGUAGES)
    print(f"{texts_checked} texts in {len(by_owner)} folders checked in {languages}: {len(faults)} to attend to.")
    return 1 if faults else 0


PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%(?:\.\d+)?[sdif]|\{\w*(?::[^{}]*)?\}")


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text.replace("%%", "")))


def _fault(message: Any, text: str, plural: str | None, num_plurals: int) -> str | None:
    if message is None:
        return "missing"
    translated = forms(message)
    if not all(translated) or (plural and len(translated) < num_plurals):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    if plural is None:
        return "other placeholders" if any(placeholders(form) != placeholders(text) for form in translated) else None
    if placeholders(translated[-1]) != placeholders(plural):
        return "other placeholders"
    allowed = set(placeholders(text)) | set(placeholders(plural))
    if any(set(placeholders(form)) - allowed for form in translated):
        return "other placeholders"
    return None


def tops(root: Path) -> list[Path]:
    return [root / top for top in TOPS if (root / top).is_dir()]


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="messages", description="Collect, compile and check translations.")
    parser.add_argument("command", choices=["update", "compile", "check"])
    parser.add_argument("folder", nargs="*", type=Path, help="only these; a new app gets its locale folder")
    chosen = parser.parse_args(arguments)
    folders = [folder.resolve() for folder in chosen.folder] or tops(root)
    for folder in folders:
        if not folder.is_dir():
            parser.error(f"{folder} is not a folder")
        if chosen.command == "update" and chosen.folder and owner(folder / "x", root) is None:
            (folder / "locale").mkdir()
    return {"update": update, "compile": compile_all, "check": check}[chosen.command](root, folders)


if __name__ == "__main__":
    sys.exit(main())
