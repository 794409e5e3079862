"""Every route of the door, for the application to collect."""

from litestar.types import ControllerRouterHandler

from zhanggui.workbench.door import account, confirmation, factors, first_run, invitation, language, sign_in

route_handlers: list[ControllerRouterHandler] = [
    sign_in.threshold,
    sign_in.sign_in_page,
    sign_in.sign_in,
    sign_in.ask_passkey,
    sign_in.sign_in_by_passkey,
    sign_in.second_page,
    sign_in.ask_second_passkey,
    sign_in.second,
    sign_in.sign_out,
    first_run.first_run_page,
    first_run.first_run,
    invitation.invitation_page,
    invitation.accept_invitation,
    language.choose_language,
    account.account_page,
    account.change_password,
    account.change_name,
    account.end_sign_ins,
    confirmation.confirmation_page,
    confirmation.ask_passkey_again,
    confirmation.put_confirmation,
    factors.put_app,
    factors.put_app_proof,
    factors.put_app_removal,
    factors.ask_new_passkey,
    factors.put_passkey,
    factors.put_passkey_removal,
    factors.put_recovery_codes,
]
