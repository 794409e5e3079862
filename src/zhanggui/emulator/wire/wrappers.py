"""Under which name each answer stands: a rule, and a table for the third of the methods that break it."""

UNWRAPPED = ""

IRREGULAR = {
    "pdd.order.information.get": "order_info_get_response",
    "pdd.order.number.list.increment.get": "order_sn_increment_get_response",
    "pdd.order.promise.info.get": "promise_info_get_response",
    "pdd.order.upload.extra.logistics": "upload_extra_logistics_response",
    "pdd.order.note.update": "response",
    "pdd.order.update.address": "response",
    "pdd.open.logistics.pre.check": "logistics_pre_check_response",
    "pdd.refund.list.increment.get": "refund_increment_get_response",
    "pdd.refund.information.get": UNWRAPPED,
    "pdd.refund.agree": "response",
    "pdd.refund.returngoods.agree": "response",
    "pdd.refund.exchange.shipping": "response",
    "pdd.nextone.logistics.warehouse.update": "response",
    "pdd.logistics.available.company.recommend": "response",
    "pdd.logistics.isv.trace.notify.sub": "logistics_isv_trace_notify_sub",
    "pdd.logistics.ordertrace.get": "logistics_ordertrace_get_resposne",
    "pdd.waybill.search": "pdd_waybill_search_response",
    "pdd.waybill.get": "pdd_waybill_get_response",
    "pdd.waybill.update": "pdd_waybill_update_response",
    "pdd.waybill.cancel": "pdd_waybill_cancel_response",
    "pdd.waybill.query.by.waybillcode": "pdd_waybill_query_by_waybillcode_response",
    "pdd.cloudprint.stdtemplates.get": "pdd_cloudprint_stdtemplates_get_response",
    "pdd.cloudprint.customares.get": "pdd_cloudprint_customares_get_response",
    "pdd.goods.information.get": "goods_info_get_response",
    "pdd.goods.information.update": "goods_update_response",
    "pdd.goods.skus.get": "goods_sku_get_response",
    "pdd.goods.sku.price.update": "goods_update_sku_price_response",
    "pdd.pmc.user.cancel": "tmc_user_cancel_response",
    "pdd.pmc.accrue.query": "pmc_user_get_response",
    "pdd.erp.order.sync": UNWRAPPED,
    "pdd.open.msg.service.send.msg": UNWRAPPED,
    "pdd.open.msg.service.query.msg.record": UNWRAPPED,
}


def wrapper_of(method: str) -> str:
    """The name under which the answer of a method stands; empty when its fields stand at the top."""
    if method in IRREGULAR:
        return IRREGULAR[method]
    return method.removeprefix("pdd.").replace(".", "_") + "_response"
