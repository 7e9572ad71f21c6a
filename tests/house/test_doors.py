"""Packages talk through doors: what other packages may import, and what rules may know."""

from __future__ import annotations

import ast

from tests.house.sources import ROOT, files, imports, module_name, tree

DOORS = {"operations", "queries", "events", "values", "refusals"}


def test_a_capability_is_entered_by_its_doors_only():
    wrong = []
    for path in files("paseo/capabilities", "paseo/channels", "paseo/scenes", "paseo/platform", "demo", "config"):
        own = module_name(path).split(".")[:3]
        for one in imports(path):
            parts = one.whole.split(".")
            if parts[:2] != ["paseo", "capabilities"] or parts[:3] == own or len(parts) < 3:
                continue
            if own[0] == "config" and parts[3:4] == ["adapters"]:
                continue  # the composition root starts what an adapter speaks to
            if len(parts) == 3 or parts[3] not in DOORS:
                wrong.append(str(one))
    assert not wrong, "\n".join(wrong)


def test_rules_decide_without_a_database_a_clock_or_the_platform():
    forbidden = ("django", "paseo.platform", "paseo.kernel.clock")
    wrong = []
    for path in files("paseo/capabilities", "paseo/platform"):
        if "rules" not in (path.stem, path.parent.name):
            continue
        for one in imports(path):
            names = one.whole.split(".")
            if one.whole.startswith(forbidden) or "models" in names or "queries" in names or "operations" in names:
                wrong.append(str(one))
    assert not wrong, "\n".join(wrong)


def test_operations_of_capabilities_are_called_by_keyword():
    wrong = []
    for path in files("paseo/capabilities"):
        if "operations" not in (path.stem, path.parent.name):
            continue
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            decorators = {name.id for name in node.decorator_list if isinstance(name, ast.Name)}
            if "operation" in decorators and (node.args.args or node.args.posonlyargs):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not wrong, "\n".join(wrong)


def test_the_clock_is_read_at_the_edge_only():
    """Capabilities take ``now`` as an argument; reactions, jobs and auditors are edges."""
    edges = {"jobs", "reactions", "auditing", "auditors", "views", "web", "importing", "tasks", "adapters"}
    wrong = []
    for path in files("paseo/capabilities"):
        if edges & {path.stem, *path.relative_to(ROOT).parts[3:-1]}:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "datetime.now",
                "datetime.utcnow",
                "timezone.now",
                "time.time",
                "date.today",
            }:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}")
    assert not wrong, "\n".join(wrong)
