"""Every registered notice has words in every language."""

import pytest
from django.conf import settings
from django.template.loader import get_template

from paseo.platform.notices.kinds import kinds


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_kind_has_a_subject_and_a_body(language):
    for kind in kinds():
        source = get_template(f"notices/{kind.key}.{language}.txt").template.source
        subject, gap, body = source.strip().partition("\n\n")
        assert subject and "\n" not in subject and gap and body, (kind.key, language)
