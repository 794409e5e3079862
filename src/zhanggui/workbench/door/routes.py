"""Every route of the door, for the application to collect."""

from litestar.types import ControllerRouterHandler

from zhanggui.workbench.door import account, first_run, invitation, language, sign_in

route_handlers: list[ControllerRouterHandler] = [
    sign_in.threshold,
    sign_in.sign_in_page,
    sign_in.sign_in,
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
]
