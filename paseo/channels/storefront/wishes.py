"""The form of the checkout."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

NOTE = 200


class CheckoutForm(forms.Form):
    """``agreed`` is the total that stood on the button, in minor units."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Type your e-mail address: the order and its code are sent there."),
            "invalid": _("This is no e-mail address. Check it for typing errors."),
        },
    )
    name = forms.CharField(label=_("Name, called out at the counter"), max_length=100, required=False)
    note = forms.CharField(label=_("A word to the shop"), max_length=NOTE, required=False)
    mode = forms.ChoiceField(choices=[("pickup", ""), ("here", "")], required=False)
    wanted_at = forms.DateTimeField(required=False)
    method = forms.CharField(max_length=20, required=False, initial="")
    agreed = forms.IntegerField(min_value=0, max_value=10**11, widget=forms.HiddenInput)
