"""The source files, and what they import, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("config", "paseo", "demo", "outside")


@dataclass(frozen=True)
class Import:
    """One imported name: ``module`` is absolute, ``name`` is "" for ``import module``."""

    path: Path
    line: int
    module: str
    name: str

    @property
    def whole(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.whole}"


def files(*tops: str, suffix: str = ".py") -> list[Path]:
    """Source files below these folders, without what is generated."""
    found: list[Path] = []
    for top in tops or CODE:
        found += [
            path for path in (ROOT / top).rglob(f"*{suffix}") if not {"__pycache__", "node_modules"} & set(path.parts)
        ]
    return sorted(found)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[Import]:
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name, "")
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(path, node.lineno, module, alias.name)
