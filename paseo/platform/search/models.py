"""The index. ``head`` and ``body`` hold cut words; the databases' own index structures are made in a migration."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    head = models.TextField()
    body = models.TextField()
    weight = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="search_entry_once")]


class SearchWord(models.Model):
    """A word that occurs; what a misspelled word may have meant."""

    word = models.CharField(max_length=24, primary_key=True)


class SearchForm(models.Model):
    """``form`` is a word with a letter left out: misspellings meet their word here."""

    form = models.CharField(max_length=24)
    word = models.CharField(max_length=24)

    class Meta:
        indexes = [models.Index(fields=["form"], name="search_form")]
