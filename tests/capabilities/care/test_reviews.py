"""Reviews: bound to what was consumed, once per line, with history, answer and an honest mean."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paseo.capabilities.care import auditing, queries, refusals, rules
from paseo.capabilities.care import operations as care
from paseo.capabilities.care.models import Review
from paseo.capabilities.care.privacy import erase, export
from paseo.capabilities.care.values import ConsumedLine, LineMark
from paseo.kernel.errors import Invalid
from paseo.kernel.ids import new_id
from paseo.kernel.states import NotAllowed
from paseo.platform.db.unit import sql_count

pytestmark = pytest.mark.django_db
STORE, MERCHANT, ANNA = UUID(int=1), UUID(int=2), UUID(int=3)
OWNER = f"person:{ANNA}"


def consumed(now: datetime, lines: int = 1, owner: str = OWNER, store: UUID = STORE) -> tuple[UUID, list[UUID]]:
    order_id, ids = new_id(), [new_id() for _ in range(lines)]
    for _ in range(2):
        care.grant_rights(
            order_id=order_id, store_id=store, merchant_id=MERCHANT, owner=owner, now=now,
            lines=[ConsumedLine(line, names={"en": "Latte"}) for line in ids],
        )  # fmt: skip
    return order_id, ids


def write(now: datetime, stars: int = 5, **more) -> UUID:
    order_id, _ = consumed(now)
    (right,) = queries.rights_of([OWNER], order_id=order_id)
    return care.write_review(right_id=right.id, owners=[OWNER], stars=stars, now=now, **more)


def silent() -> None:
    assert [*auditing.rating_equals_reviews(), *auditing.reviews_match_their_rights()] == []


def test_one_right_per_consumed_line(now: datetime) -> None:
    order_id, lines = consumed(now, lines=3)
    assert {right.line_id for right in queries.rights_of([OWNER], order_id=order_id)} == set(lines)


def test_one_review_per_right(now: datetime) -> None:
    review_id = write(now, text=" Good. ")
    right_id = queries.review(review_id).right_id
    with pytest.raises(refusals.AlreadyReviewed):
        care.write_review(right_id=right_id, owners=[OWNER], stars=1, now=now)
    assert care.write_review(right_id=right_id, owners=[OWNER], stars=1, now=now, review_id=review_id) == review_id
    assert [(review.stars, review.text) for review in queries.reviews_of_store(STORE)] == [(5, "Good.")]
    silent()


def test_only_who_holds_the_right(now: datetime) -> None:
    order_id, _ = consumed(now, owner=OWNER)
    (right,) = queries.rights_of([OWNER], order_id=order_id)
    for others in (["person:x"], [f"order:{new_id()}"], []):
        with pytest.raises(refusals.NothingToReview):
            care.write_review(right_id=right.id, owners=others, stars=5, now=now)
    assert care.write_review(right_id=right.id, owners=[f"order:{order_id}"], stars=5, now=now)


def test_the_time_is_limited(now: datetime) -> None:
    order_id, _ = consumed(now)
    (right,) = queries.rights_of([OWNER], order_id=order_id)
    with pytest.raises(refusals.ReviewTimeOver):
        care.write_review(right_id=right.id, owners=[OWNER], stars=5, now=now + timedelta(days=90))


def test_one_form_for_an_order_uses_a_right_per_marked_line(now: datetime) -> None:
    order_id, (first, second, third) = consumed(now, lines=3)
    care.review_order(
        order_id=order_id, owners=[OWNER], stars=4, text="Nice.", parts={"service": 5}, now=now,
        lines=[LineMark(second, 2, {"taste": 1})],
    )  # fmt: skip
    by_line = {review.line_id: review for review in queries.my_reviews([OWNER])}
    assert set(by_line) == {first, second}
    assert (by_line[first].stars, by_line[first].text, by_line[first].parts) == (4, "Nice.", {"service": 5})
    assert (by_line[second].stars, by_line[second].parts) == (2, {"taste": 1})
    care.review_order(order_id=order_id, owners=[OWNER], stars=3, now=now)
    assert {review.line_id for review in queries.my_reviews([OWNER])} == {first, second, third}
    with pytest.raises(refusals.AlreadyReviewed):
        care.review_order(order_id=order_id, owners=[OWNER], stars=3, now=now)
    silent()


def test_an_edit_keeps_what_was_said_before(now: datetime) -> None:
    review_id = write(now, stars=2, text="Cold.", parts={"taste": 2, "speed": 4})
    care.edit_review(review_id=review_id, owners=[OWNER], stars=4, text="Better.", parts={"taste": 5}, now=now)
    care.edit_review(review_id=review_id, owners=[OWNER], stars=4, text="Better.", parts={"taste": 5}, now=now)
    (version,) = queries.versions(review_id)
    assert (version.stars, version.text, version.parts) == (2, "Cold.", {"taste": 2, "speed": 4})
    rating = queries.rating([STORE])[STORE]
    assert (rating.count, rating.mean, rating.parts) == (1, Decimal("4.00"), {"taste": Decimal("5.00")})
    assert rating.by_stars == {5: 0, 4: 1, 3: 0, 2: 0, 1: 0}
    silent()


def test_hidden_reviews_count_nowhere_and_come_back(now: datetime) -> None:
    review_id = write(now, stars=1, parts={"place": 1})
    with pytest.raises(Invalid):
        care.hide(review_id=review_id, reason=" ", actor="person:o", now=now)
    care.hide(review_id=review_id, reason="It names a child.", actor="person:o", now=now)
    assert queries.reviews_of_store(STORE) == [] and queries.rating([STORE])[STORE].score is None
    (mine,) = queries.my_reviews([OWNER])
    assert (mine.state, mine.state_why) == ("hidden", "It names a child.")
    care.edit_review(review_id=review_id, owners=[OWNER], stars=2, text="Without the name.", now=now)
    silent()
    with pytest.raises(NotAllowed):
        care.hide(review_id=review_id, reason="Again.", actor="person:o", now=now)
    care.show(review_id=review_id, actor="person:o", now=now)
    assert queries.rating([STORE])[STORE].mean == Decimal("2.00")
    silent()


def test_its_author_can_withdraw_it_and_the_right_stays_used(now: datetime) -> None:
    review_id = write(now)
    right_id = queries.review(review_id).right_id
    care.withdraw(review_id=review_id, owners=[OWNER], now=now)
    assert queries.my_reviews([OWNER]) == [] and queries.rating([STORE])[STORE].count == 0
    with pytest.raises(refusals.AlreadyReviewed):
        care.write_review(right_id=right_id, owners=[OWNER], stars=5, now=now)
    silent()


def test_one_answer_by_the_merchant_it_concerns(now: datetime) -> None:
    review_id = write(now)
    with pytest.raises(refusals.UnknownReview):
        care.reply(review_id=review_id, merchant_id=UUID(int=99), text="Hi", actor="person:m", now=now)
    assert len(queries.reviews_of_merchant(MERCHANT, unanswered=True)) == 1
    care.reply(review_id=review_id, merchant_id=MERCHANT, text="Thanks.", actor="person:m", now=now)
    care.reply(review_id=review_id, merchant_id=MERCHANT, text="Thank you.", actor="person:m", now=now)
    reply = queries.review(review_id).reply
    assert reply and (reply.text, reply.edited_at) == ("Thank you.", now)
    assert queries.reviews_of_merchant(MERCHANT, unanswered=True) == []


@pytest.mark.parametrize(
    "given_, field",
    [
        ({"stars": 0}, "stars"),
        ({"stars": 6}, "stars"),
        ({"stars": 5, "parts": {"mood": 3}}, "mood"),
        ({"stars": 5, "parts": {"taste": 9}}, "taste"),
        ({"stars": 5, "text": "x" * 4001}, "text"),
        ({"stars": 5, "media_ids": [UUID(int=n) for n in range(7)]}, "photos"),
    ],
)
def test_what_cannot_be_said(now: datetime, given_: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(now, **given_)
    assert list(refused.value.fields) == [field]
    assert not Review.objects.exists()


def test_pages_of_reviews(now: datetime) -> None:
    ids = [write(now, stars=1 + n % 5) for n in range(5)]
    first = queries.reviews_of_store(STORE, limit=3)
    rest = queries.reviews_of_store(STORE, limit=3, after=first[-1].id)
    assert [review.id for review in [*first, *rest]] == ids[::-1]
    assert [review.stars for review in queries.reviews_of_store(STORE, stars=5)] == [5]


def test_ratings_of_many_stores_are_one_statement(now: datetime) -> None:
    write(now, stars=4)
    with sql_count() as sql:
        ratings = queries.rating([STORE, UUID(int=8)])
    assert sql.count == 1
    assert (ratings[STORE].score, ratings[UUID(int=8)].score) == (Decimal("3.83"), None)


def test_rights_end_with_a_full_refund_but_words_stay(now: datetime) -> None:
    order_id, _ = consumed(now, lines=2)
    rights = queries.rights_of([OWNER], order_id=order_id)
    care.write_review(right_id=rights[0].id, owners=[OWNER], stars=1, now=now)
    assert care.end_rights(order_id=order_id, now=now + timedelta(hours=1)) == 1
    with pytest.raises(refusals.ReviewTimeOver):
        care.write_review(right_id=rights[1].id, owners=[OWNER], stars=1, now=now + timedelta(hours=1))
    assert len(queries.reviews_of_store(STORE)) == 1


def test_the_export_has_it_and_the_erasure_leaves_the_stars(now: datetime) -> None:
    review_id = write(now, stars=3, text="Anna was here.", signature="Anna")
    care.edit_review(review_id=review_id, owners=[OWNER], stars=3, text="Anna was there.", now=now)
    (exported,) = export(ANNA)["reviews"]
    assert exported["text"] == "Anna was there." and exported["earlier"][0]["text"] == "Anna was here."
    report = erase(ANNA, now)
    assert (report.kept, bool(report.why_kept)) == (1, True)
    review = queries.review(review_id)
    assert (review.stars, review.text, review.signature, queries.versions(review_id)[0].text) == (3, "", "", "")
    assert queries.my_reviews([OWNER]) == []
    silent()


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200))
def test_the_mean_is_between_what_people_said_and_the_prior(stars: list[int]) -> None:
    score = rules.bayesian_mean(len(stars), sum(stars))
    plain = rules.mean(len(stars), sum(stars))
    assert score is not None and plain is not None
    assert min(plain, rules.PRIOR_MEAN) <= score <= max(plain, rules.PRIOR_MEAN)


def test_the_formula_by_hand() -> None:
    assert rules.bayesian_mean(0, 0) is None
    assert rules.bayesian_mean(1, 5) == Decimal("4.00")  # (19 + 5) / 6
    assert rules.bayesian_mean(200, 920) == Decimal("4.58")  # (19 + 920) / 205
