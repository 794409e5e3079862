"""Every route of the desk, for the application to collect."""

from litestar.datastructures import CacheControlHeader
from litestar.types import ControllerRouterHandler

from zhanggui.workbench.abnormal.handlers import abnormal_page, put_abnormal
from zhanggui.workbench.across.handlers import put_day_report_way, shops_page
from zhanggui.workbench.activities.changes import (
    put_activity_figure,
    put_enrolment,
    put_enrolment_step,
    put_reward,
    put_reward_stop,
    put_thanks,
)
from zhanggui.workbench.activities.handlers import activities_page
from zhanggui.workbench.acts.handlers import acts_lists, acts_page, all_off, confirm_act, find_act, put_door, put_level, send_act, stop_act
from zhanggui.workbench.aftersales.handlers import aftersales_page
from zhanggui.workbench.aftersales.one import case_page, put_asked, put_extension, put_findings, put_goodwill, put_step
from zhanggui.workbench.aftersales.terms import put_terms, terms_page
from zhanggui.workbench.alerts.changing import put_alert_terms, put_channel, put_quiet, step_channel, test_channel
from zhanggui.workbench.alerts.handlers import alerts_page, bell, put_acknowledgement
from zhanggui.workbench.alerts.settings import alert_settings_page
from zhanggui.workbench.answers.handlers import answers_page
from zhanggui.workbench.automation.changes import (
    decide_firing,
    drop_rule,
    put_golden_case,
    put_new_rule,
    put_rule,
    put_rule_level,
    put_rule_owner,
    put_rules_file,
    release_held,
)
from zhanggui.workbench.automation.handlers import automation_page, new_rule_page, rule_page, rules_file
from zhanggui.workbench.carriers.handlers import (
    carriers_page,
    end_the_experiment,
    put_carrier,
    put_carriers_applied,
    put_experiment,
    put_gap,
    put_prices,
    put_visits,
)
from zhanggui.workbench.chase.claims import put_claim, put_claim_step, put_particulars
from zhanggui.workbench.chase.handlers import chase_page, put_again, put_chase, put_chase_answer
from zhanggui.workbench.chase.numbers import put_change, put_change_step, put_extra, put_extra_step
from zhanggui.workbench.chase.recalls import put_recall, put_recall_step
from zhanggui.workbench.complaints.disputes import (
    dispute_packet,
    dispute_page,
    put_appeal,
    put_back,
    put_choice,
    put_pictures,
    put_shows,
    put_signature,
    put_submission,
    put_word,
)
from zhanggui.workbench.complaints.handlers import complaints_page
from zhanggui.workbench.complaints.register import (
    put_complaint,
    put_complaint_particulars,
    put_complaint_step,
    put_deductions,
    put_instant_complaint,
    put_malicious,
)
from zhanggui.workbench.connections.handlers import (
    come_back,
    connection_page,
    leave_for_platform,
    put_answer,
    put_application,
    put_check,
    put_token,
    take_away,
)
from zhanggui.workbench.evidence.handlers import evidence_file, evidence_packet, put_evidence
from zhanggui.workbench.goods.changes import put_exception, put_offer, put_own_facts, put_stock_change
from zhanggui.workbench.goods.handlers import goods_page, put_name_of_goods, put_stock_sheet, sku_page
from zhanggui.workbench.hooks.handlers import route_handlers as hook_handlers
from zhanggui.workbench.imports.batches import batch_page, confirm_batch, drop_batch, imports_page, new_import, redate_batch, undo_batch
from zhanggui.workbench.imports.quarantine import discard_row, mend_row, quarantine_page
from zhanggui.workbench.inbox.handlers import check_words, find_replies, inbox_page, keep_answer, put_paste, put_thread_step, thread_page
from zhanggui.workbench.journal.handlers import journal_page
from zhanggui.workbench.live.handlers import live_alerts, live_inbox, live_order, live_ship, live_today
from zhanggui.workbench.money.changes import (
    put_balance_read,
    put_bill_class,
    put_cost,
    put_cost_back,
    put_cost_of_goods,
    put_cost_sheet,
    put_hold,
    put_money_settings,
    put_withdrawal,
    step_hold,
    step_withdrawal,
)
from zhanggui.workbench.money.handlers import money_page
from zhanggui.workbench.notices.handlers import notices_page, put_money_wanted, put_notice_sent, put_notices
from zhanggui.workbench.notices.texts import put_text_numbers, put_text_stopped, put_text_template, put_text_terms, put_text_way, put_texts
from zhanggui.workbench.order.handlers import order_page, put_note, put_scans, search_page
from zhanggui.workbench.order.papers import make_paper
from zhanggui.workbench.orders.handlers import orders_page
from zhanggui.workbench.overview.handlers import overview_clocks, overview_page
from zhanggui.workbench.overview.reports import put_report_way, week_report
from zhanggui.workbench.parcels.counted import foresight_page, learn_foresight, put_mean, put_means, rate_page
from zhanggui.workbench.parcels.handlers import parcel_page, parcels_list, put_parcel_scans
from zhanggui.workbench.people.handlers import change_member, invite_person, people_page, put_asked_roles, withdraw
from zhanggui.workbench.plan.handlers import plan_page, put_plan_terms
from zhanggui.workbench.privacy.handlers import number_page, open_number, post_forgotten, privacy_page, put_key, put_term
from zhanggui.workbench.products.handlers import product_page, products_page, put_page_of_product, put_product_check
from zhanggui.workbench.quality.handlers import put_promise_said, quality_page
from zhanggui.workbench.quality.practice import answer_practice, begin_practice, end_practice, practice_page
from zhanggui.workbench.reasons.handlers import reasons_page
from zhanggui.workbench.returns.handlers import put_return, put_undo, put_waiver, return_photo, returns_page
from zhanggui.workbench.reviews.experts import experts_page, put_expert, put_expert_step
from zhanggui.workbench.reviews.handlers import put_review_answer, put_review_report, review_page, reviews_page
from zhanggui.workbench.reviews.pasting import paste_reviews_page, put_pasted_reviews
from zhanggui.workbench.rules.handlers import put_override, rules_page, take_override_away
from zhanggui.workbench.scripts.changes import (
    put_concession,
    put_concession_back,
    put_limit,
    put_script,
    put_script_facts,
    put_script_file,
    put_script_withdrawal,
    put_use,
    script_file,
)
from zhanggui.workbench.scripts.drafting import draft_in_thread, put_drafting, try_drafting
from zhanggui.workbench.scripts.handlers import new_script_page, script_page, scripts_page
from zhanggui.workbench.settings.handlers import new_shop, put_name, put_promise, put_setting, settings_page
from zhanggui.workbench.ship.batch import add_one_part, drop_one_part, print_papers, put_list, put_numbers, put_one_back, put_printed, take_batch_numbers
from zhanggui.workbench.ship.batch import batch_page as ship_batch_page
from zhanggui.workbench.ship.handlers import make_steps, new_batch, ship_page, tell, tell_of_further
from zhanggui.workbench.ship.pack import pack_page, put_scan
from zhanggui.workbench.shipping.handlers import check_list, make_file, shipping_page
from zhanggui.workbench.standing.handlers import (
    end_standing_penalty,
    measure_page,
    put_standing_line,
    put_standing_page,
    put_standing_penalty,
    put_standing_reading,
    standing_page,
)
from zhanggui.workbench.static_files import static_router
from zhanggui.workbench.steps.handlers import put_outcome, put_step_again
from zhanggui.workbench.templating import STATIC
from zhanggui.workbench.timetable.handlers import timetable_page, try_unread
from zhanggui.workbench.today.handlers import today_page, todo_page
from zhanggui.workbench.today.marked import put_mark
from zhanggui.workbench.tokens.handlers import new_token, revoke_one
from zhanggui.workbench.trackers.handlers import put_tracker, take_tracker
from zhanggui.workbench.waybills.handlers import (
    ask_balances,
    new_account,
    put_balance,
    put_label,
    put_template,
    return_waybills,
    step_account,
    take_waybills,
    templates_page,
    waybills_page,
)
from zhanggui.workbench.waybills.print_runs import begin_run, end_run, preview_label, sample
from zhanggui.workbench.whatif.handlers import whatif_page
from zhanggui.workbench.whatif.notices import (
    adopt_rule_notice,
    put_rule_notice,
    read_rule_notice,
    ready_rule_notice,
    rule_notices_page,
    withdraw_rule_notice,
)

_FOR_GOOD = CacheControlHeader(max_age=31536000, public=True, immutable=True)
"""Static addresses carry the digest of the file, so a kept copy never grows stale."""

route_handlers: list[ControllerRouterHandler] = [
    static_router("/static", STATIC, "static", cache_control=_FOR_GOOD),
    today_page,
    todo_page,
    put_mark,
    live_today,
    live_order,
    live_ship,
    inbox_page,
    thread_page,
    keep_answer,
    check_words,
    find_replies,
    put_thread_step,
    put_paste,
    live_inbox,
    scripts_page,
    script_page,
    new_script_page,
    put_script,
    put_script_withdrawal,
    put_use,
    script_file,
    put_script_file,
    put_script_facts,
    put_limit,
    put_concession,
    put_concession_back,
    put_drafting,
    try_drafting,
    draft_in_thread,
    orders_page,
    ship_page,
    new_batch,
    make_steps,
    tell_of_further,
    tell,
    ship_batch_page,
    put_numbers,
    take_batch_numbers,
    put_list,
    put_one_back,
    add_one_part,
    drop_one_part,
    print_papers,
    put_printed,
    pack_page,
    put_scan,
    parcels_list,
    parcel_page,
    put_parcel_scans,
    rate_page,
    put_mean,
    put_means,
    foresight_page,
    learn_foresight,
    abnormal_page,
    put_abnormal,
    shipping_page,
    check_list,
    make_file,
    order_page,
    answers_page,
    put_note,
    put_scans,
    make_paper,
    put_outcome,
    put_step_again,
    put_evidence,
    evidence_file,
    evidence_packet,
    search_page,
    goods_page,
    put_stock_sheet,
    sku_page,
    put_name_of_goods,
    put_stock_change,
    put_own_facts,
    put_exception,
    put_offer,
    aftersales_page,
    terms_page,
    put_terms,
    case_page,
    put_findings,
    put_extension,
    put_goodwill,
    put_asked,
    put_step,
    returns_page,
    reasons_page,
    products_page,
    product_page,
    put_product_check,
    put_page_of_product,
    put_return,
    put_undo,
    put_waiver,
    return_photo,
    complaints_page,
    put_instant_complaint,
    put_complaint,
    put_complaint_step,
    put_complaint_particulars,
    put_malicious,
    put_deductions,
    dispute_page,
    put_choice,
    put_signature,
    put_back,
    put_appeal,
    put_submission,
    put_word,
    put_shows,
    put_pictures,
    dispute_packet,
    chase_page,
    put_chase,
    put_again,
    put_chase_answer,
    put_recall,
    put_recall_step,
    put_claim,
    put_particulars,
    put_claim_step,
    put_change,
    put_change_step,
    put_extra,
    put_extra_step,
    automation_page,
    new_rule_page,
    rule_page,
    rules_file,
    put_new_rule,
    put_rule,
    put_rules_file,
    put_rule_level,
    put_rule_owner,
    release_held,
    drop_rule,
    put_golden_case,
    decide_firing,
    acts_page,
    acts_lists,
    send_act,
    stop_act,
    confirm_act,
    find_act,
    put_level,
    all_off,
    put_door,
    imports_page,
    new_import,
    batch_page,
    confirm_batch,
    redate_batch,
    drop_batch,
    undo_batch,
    quarantine_page,
    mend_row,
    discard_row,
    rules_page,
    whatif_page,
    rule_notices_page,
    read_rule_notice,
    put_rule_notice,
    adopt_rule_notice,
    withdraw_rule_notice,
    ready_rule_notice,
    put_override,
    take_override_away,
    shops_page,
    put_day_report_way,
    people_page,
    put_asked_roles,
    invite_person,
    withdraw,
    change_member,
    settings_page,
    timetable_page,
    try_unread,
    put_setting,
    put_name,
    put_promise,
    new_shop,
    connection_page,
    put_application,
    leave_for_platform,
    come_back,
    put_token,
    put_answer,
    put_check,
    take_away,
    put_tracker,
    take_tracker,
    new_token,
    revoke_one,
    *hook_handlers,
    plan_page,
    put_plan_terms,
    carriers_page,
    put_carriers_applied,
    put_carrier,
    put_visits,
    put_gap,
    put_prices,
    put_experiment,
    end_the_experiment,
    waybills_page,
    new_account,
    step_account,
    put_balance,
    put_label,
    ask_balances,
    take_waybills,
    return_waybills,
    begin_run,
    end_run,
    preview_label,
    sample,
    templates_page,
    put_template,
    notices_page,
    put_notices,
    put_notice_sent,
    put_money_wanted,
    put_texts,
    put_text_stopped,
    put_text_way,
    put_text_template,
    put_text_terms,
    put_text_numbers,
    alerts_page,
    bell,
    live_alerts,
    put_acknowledgement,
    alert_settings_page,
    put_channel,
    test_channel,
    step_channel,
    put_quiet,
    put_alert_terms,
    money_page,
    put_bill_class,
    put_balance_read,
    put_withdrawal,
    step_withdrawal,
    put_hold,
    step_hold,
    put_cost,
    put_cost_back,
    put_money_settings,
    put_cost_of_goods,
    put_cost_sheet,
    quality_page,
    put_promise_said,
    begin_practice,
    practice_page,
    answer_practice,
    end_practice,
    standing_page,
    measure_page,
    put_standing_page,
    put_standing_reading,
    put_standing_line,
    put_standing_penalty,
    end_standing_penalty,
    overview_page,
    overview_clocks,
    week_report,
    put_report_way,
    reviews_page,
    review_page,
    put_review_answer,
    put_review_report,
    experts_page,
    put_expert,
    put_expert_step,
    paste_reviews_page,
    put_pasted_reviews,
    journal_page,
    privacy_page,
    put_term,
    put_key,
    post_forgotten,
    number_page,
    open_number,
    activities_page,
    put_activity_figure,
    put_enrolment,
    put_enrolment_step,
    put_reward,
    put_reward_stop,
    put_thanks,
]
