"""The registry of auditors."""

import pytest

from paseo.platform.audit import checks
from paseo.platform.audit.checks import Finding, auditor, auditors, run_all


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    monkeypatch.setattr(checks, "_auditors", {})


def test_findings_come_in_the_order_of_names():
    auditor("b.second")(lambda: [Finding("b.second", "x:1", "Wrong.")])
    auditor("a.first")(lambda: (Finding("a.first", f"y:{number}", "Bad.") for number in range(2)))
    assert auditors() == ["a.first", "b.second"]
    assert [(finding.check, finding.subject) for finding in run_all()] == [
        ("a.first", "y:0"),
        ("a.first", "y:1"),
        ("b.second", "x:1"),
    ]
    assert run_all(["b.second"])[0].as_dict() == {"check": "b.second", "subject": "x:1", "sentence": "Wrong."}


def test_a_check_that_breaks_is_a_finding():
    @auditor("a.broken")
    def broken():
        yield Finding("a.broken", "x:1", "Seen before it broke.")
        raise ZeroDivisionError("by zero")

    auditor("b.fine")(lambda: [])
    findings = run_all()
    assert [finding.subject for finding in findings] == ["x:1", "auditor"]
    assert findings[1].sentence == "The check itself failed: ZeroDivisionError: by zero"


def test_a_name_belongs_to_one_check():
    @auditor("a.x")
    def first():
        return []

    with pytest.raises(ValueError):

        @auditor("a.x")
        def second():
            return []
