from __future__ import annotations

from paseo.kernel.errors import N_, Refusal


class TooBig(Refusal):
    code = "media.too_big"
    status = 413
    what = N_("The file is larger than {megabytes} MB.")
    meaning = N_("Nothing was stored.")
    remedy = N_("Send a smaller one.")


class TooManyPixels(Refusal):
    code = "media.too_many_pixels"
    status = 422
    what = N_("The picture has too many pixels.")
    meaning = N_("Nothing was stored.")
    remedy = N_("Make it smaller than {megapixels} megapixels and send it again.")


class NotAnImage(Refusal):
    code = "media.not_an_image"
    status = 422
    what = N_("This is not a picture we can show.")
    meaning = N_("Nothing was stored.")
    remedy = N_("Send a JPEG, PNG, WebP, AVIF or GIF.")


class NotAPaper(Refusal):
    code = "media.not_a_paper"
    status = 422
    what = N_("This is neither a PDF nor a picture.")
    meaning = N_("Nothing was stored.")
    remedy = N_("Send a PDF, or a photo of the paper.")


class UnsafePaper(Refusal):
    code = "media.unsafe_paper"
    status = 422
    what = N_("This PDF is locked, or contains a program or other files.")
    meaning = N_("Nothing was stored.")
    remedy = N_("Print it to a new PDF, or send a photo of it.")
