"""Makes docs/coverage.md from the marks of the tests: ``@pytest.mark.covers("M1", part="poster to online")``.

A row *works* only when a marked test goes through a surface of the product: a browser story (tests/browser) or a call of
the open API (tests/channels). A mark elsewhere is listed as a proof of a rule beneath.

    python tools/coverage.py          write the page
    python tools/coverage.py --check  exit 1 when the page is stale or a mark names no row
"""

from __future__ import annotations

import ast
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"
SURFACES = ("tests/browser/", "tests/channels/")


@dataclass(frozen=True)
class Proof:
    row: str
    part: str
    test: str

    @property
    def through_a_surface(self) -> bool:
        return self.test.startswith(SURFACES)


def proofs(root: Path = ROOT) -> list[Proof]:
    found = []
    for file in sorted((root / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.covers":
                    part = next(
                        (k.value.value for k in mark.keywords if k.arg == "part" and isinstance(k.value, ast.Constant)),
                        "",
                    )
                    name = f"{file.relative_to(root).as_posix()}::{node.name}"
                    found += [Proof(arg.value, str(part), name) for arg in mark.args if isinstance(arg, ast.Constant)]
    return found


def render(rows: dict[str, str], found: list[Proof]) -> str:
    unknown = sorted({proof.row for proof in found} - rows.keys())
    if unknown:
        raise SystemExit(f"Tests are marked with rows that do not exist: {', '.join(unknown)}.")
    working = {proof.row for proof in found if proof.through_a_surface}
    lines = [
        "# Coverage",
        "",
        "Made by `python tools/coverage.py` from the marks of the tests; `make lint` fails when it is stale.",
        f"{len(working)} of {len(rows)} rows work through a surface of the product; the part that is proven stands beside the test.",
        "",
        "| row | what | state | proven by |",
        "|---|---|---|---|",
    ]
    for row, title in rows.items():
        tests = [proof for proof in found if proof.row == row]
        proven = "<br>".join(f"`{p.test}`{f' ({p.part})' if p.part else ''}" for p in tests)
        state = "works" if row in working else ("rules only" if tests else "not there yet")
        lines.append(f"| {row} | {title} | {state} | {proven} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    text = render(tomllib.loads((ROOT / "docs" / "rows.toml").read_text()), proofs())
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text() != text:
            print("docs/coverage.md is stale: run python tools/coverage.py.")
            return 1
        return 0
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
