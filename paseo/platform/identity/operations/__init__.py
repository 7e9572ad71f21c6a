"""Writes, one file per subject. Every function says what it refuses."""

from paseo.platform.identity.operations.new_address import finish_email_change, start_email_change
from paseo.platform.identity.operations.people import edit_profile, erase_account, hire, person_for_email
from paseo.platform.identity.operations.second_factor import (
    check_second_factor,
    confirm_second_factor,
    new_recovery_codes,
    reset_second_factor,
    start_second_factor,
    turn_off_second_factor,
)
from paseo.platform.identity.operations.sessions import clear_expired_sessions, end_all_sessions, end_session
from paseo.platform.identity.operations.sign_in import (
    clear_old_codes,
    finish_email_code,
    set_password,
    sign_in_with_password,
    start_email_code,
)

__all__ = [
    "check_second_factor",
    "clear_expired_sessions",
    "clear_old_codes",
    "confirm_second_factor",
    "edit_profile",
    "end_all_sessions",
    "end_session",
    "erase_account",
    "finish_email_change",
    "finish_email_code",
    "hire",
    "new_recovery_codes",
    "person_for_email",
    "reset_second_factor",
    "set_password",
    "sign_in_with_password",
    "start_email_change",
    "start_email_code",
    "start_second_factor",
    "turn_off_second_factor",
]
