"""Business noes of care."""

from paseo.kernel.errors import N_, NotFound, Refusal


class NothingToReview(NotFound):
    code = "care.nothing_to_review"
    what = N_("There is nothing of yours to review here.")
    meaning = N_("Reviews are for what somebody has really received.")
    remedy = N_("Open the review from your order, after it was handed over.")


class AlreadyReviewed(Refusal):
    code = "care.already_reviewed"
    what = N_("You have reviewed this already.")
    meaning = N_("Your review stands as it is.")
    remedy = N_("You can edit it.")


class ReviewTimeOver(Refusal):
    code = "care.time_over"
    what = N_("The time for a review ended at {expires_at}.")
    meaning = N_("Nothing was published.")
    remedy = N_("You can review your next order.")


class UnknownReview(NotFound):
    code = "care.unknown_review"
    what = N_("There is no such review.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Look at the list of reviews.")
