"""Real clients drive the emulator, unmodified: each in its own wire form, reading and writing."""

from typing import Any

import pytest

from tests.emulator.caller import DAY, START_SECONDS, Caller
from tests.emulator.clients import node_says, python_says

PDD_SDK = """
import json, sys
import pdd_sdk
from pdd_sdk.api.base import RestApi
facts = json.loads(sys.argv[1])

class OrderListGet(RestApi):
    def getapiname(self):
        return "pdd.order.list.get"

class OnlineSend(RestApi):
    def getapiname(self):
        return "pdd.logistics.online.send"

def made(kind):
    call = kind(domain="127.0.0.1", port=facts["port"])
    call.set_app_info(pdd_sdk.appinfo(facts["client_id"], facts["client_secret"]))
    call.access_token = facts["access_token"]
    return call

call = made(OrderListGet)
call.order_status, call.refund_status, call.page, call.page_size = 1, 5, 1, 50
call.start_confirm_at, call.end_confirm_at = facts["begins"], facts["ends"]
listed = call.getResponse()
send = made(OnlineSend)
send.order_sn, send.logistics_id, send.tracking_number = facts["order_sn"], 85, "YT7600000000001"
sent = send.getResponse()
print(json.dumps({"listed": listed, "sent": sent}))
"""

PDDSDK = """
import json, sys
from pddsdk.client import Client
facts = json.loads(sys.argv[1])
def call(method, **business):
    return Client(facts["client_id"], facts["client_secret"], method, url=facts["gateway"]).call({"access_token": facts["access_token"], **business})
print(json.dumps({
    "status": call("pdd.order.status.get", order_sns=facts["order_sn"]),
    "foreign": call("pdd.order.information.get", order_sn="260101-123456789012345"),
}))
"""

MCP = """
import asyncio, json, sys
from servers.pinduoduo.client import PinduoduoMCP
facts = json.loads(sys.argv[1])
PinduoduoMCP.BASE_URL = facts["gateway"]
async def main():
    client = PinduoduoMCP(facts["client_id"], facts["client_secret"], facts["access_token"])
    goods = await client._call("pdd.goods.list.get", {"page": 1, "page_size": 10})
    try:
        await client._call("pdd.goods.comments.get", {})
        refused = None
    except Exception as error:
        refused = str(error)
    print(json.dumps({"goods": goods, "refused": refused}))
asyncio.run(main())
"""

NODE_SDK = """
const facts = JSON.parse(process.argv[1]);
const http = require('pdd-sdk/dist/request_utils').default;
http.defaults.baseURL = facts.gateway;
const PddSdk = require('pdd-sdk').default;
const sdk = new PddSdk({ clientId: facts.client_id, clientSecret: facts.client_secret });
(async () => {
  const companies = await sdk.execute('pdd.logistics.companies.get', {});
  const increment = await sdk.execute('pdd.order.number.list.increment.get', {
    access_token: facts.access_token, start_updated_at: facts.begins, end_updated_at: facts.begins + 1800, is_lucky_flag: 0,
    order_status: 5, refund_status: 5, page: 1, page_size: 20, use_has_next: true,
  });
  const foreign = { access_token: facts.access_token, order_sn: '260101-123456789012345' };
  const refused = await sdk.execute('pdd.order.information.get', foreign).catch(error => error);
  console.log(JSON.stringify({ companies, increment, refused }));
})();
"""

EC_PRINT = """
const facts = JSON.parse(process.argv[1]);
const { Pinduoduo } = require('ec-print').Providers;
const component = new Pinduoduo({ url: facts.print, options: { WebSocket: require('ws') } });
(async () => {
  await component.connect();
  const printers = await component.getPrinters();
  const agent = await component.getAgentInfo();
  const contents = [{ encryptedData: 'x', signature: 'y', templateUrl: 'z', ver: '3' }];
  const printed = await component.print({ taskID: 't1', printer: '掌柜热敏打印机', documents: [{ documentID: 'YT1', contents }] });
  console.log(JSON.stringify({ printers, agent, printed }));
  process.exit(0);
})();
"""

KDNIAO = """
import json, sys
import kdniao.conf
facts = json.loads(sys.argv[1])
kdniao.conf.APIPathBuilder.PROD = "127.0.0.1:%d" % facts["port"]
from kdniao.client import KdNiaoClient
found = KdNiaoClient(facts["client_id"], facts["client_secret"]).track(facts["number"], "YTO")
print(json.dumps(found if isinstance(found, dict) else found.__dict__, default=str))
"""


@pytest.fixture
def facts(shop: Caller) -> dict[str, Any]:
    """What every client is told."""
    shop.step(600)
    order_sn = shop.new_orders()[0]
    return {
        "gateway": shop.line.gateway, "port": int(shop.base.rsplit(":", 1)[1]), "print": shop.line.print, "client_id": shop.line.client_id,
        "client_secret": shop.line.client_secret, "access_token": shop.line.access_token, "order_sn": order_sn,
        "begins": START_SECONDS, "ends": START_SECONDS + DAY,
    }  # fmt: skip


def test_python_pdd_sdk_lists_and_ships(shop: Caller, facts: dict[str, Any]) -> None:
    said = python_says(PDD_SDK, facts)

    assert [order["order_sn"] for order in said["listed"]["order_list_get_response"]["order_list"]] == [facts["order_sn"]]
    assert said["sent"]["logistics_online_send_response"]["is_success"] is True
    assert [entry["effects"] for entry in shop.ledger(order_sn=facts["order_sn"], changed="1")] == [[f"order.shipped:{facts['order_sn']}"]]


def test_python_pddsdk_sends_milliseconds_and_reads_errors_as_data(facts: dict[str, Any]) -> None:
    said = python_says(PDDSDK, facts)

    assert said["status"]["order_status_get_response"]["order_status_list"] == [{"orderSn": facts["order_sn"], "order_status": 1, "refund_status": 1}]
    assert said["foreign"]["error_response"]["error_code"] == 45001


def test_mcp_cn_commerce_looks_before_it_calls(facts: dict[str, Any]) -> None:
    said = python_says(MCP, facts)

    assert said["goods"]["goods_list_get_response"]["total_count"] == 4
    assert "10017" in said["refused"]


def test_node_pdd_sdk_sends_json_with_real_booleans(facts: dict[str, Any]) -> None:
    said = node_says(NODE_SDK, facts)

    assert "YTO" in str(said["companies"])
    assert facts["order_sn"] in str(said["increment"])
    assert said["refused"]["error_response"]["error_code"] == 45001


def test_ec_print_finds_the_printers_and_prints_in_flat_frames(facts: dict[str, Any]) -> None:
    said = node_says(EC_PRINT, facts)

    assert "掌柜热敏打印机" in str(said["printers"])
    assert said["printed"]["status"] == "success"


def test_kdniao_tracks_a_parcel_of_the_emulated_world(shop: Caller, facts: dict[str, Any]) -> None:
    shop.ship(facts["order_sn"], "YT7600000000001")
    shop.step(2 * DAY)

    said = python_says(KDNIAO, facts | {"number": "YT7600000000001"})

    assert "揽收" in str(said)
