"""The list of receivers that the shop brings: read in both encodings and languages, hidden while it is read."""

import pytest

from zhanggui.papers.receivers import receivers_in
from zhanggui.papers.shapes import Party
from zhanggui.papers.trouble import PaperTrouble

HIDDEN = {"260301-1": Party("张**", "138******34", "文一路1号3幢*单元***室")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("heads", ["order_no,name,phone,address", "订单号,收件人,手机,地址", " 订单编号\t,收货人姓名,收货人手机号,详细地址"])
def test_it_reads_them_hidden(heads: str, encoding: str) -> None:
    content = f'{heads}\n260301-1\t,张三丰,13800001234,"文一路1号\n3幢2单元301室"\n,无,1,无\n'.encode(encoding)

    assert {no: (each.name, each.phone, each.address.replace(" ", "")) for no, each in receivers_in(content).items()} == {
        no: (each.name, each.phone, each.address) for no, each in HIDDEN.items()
    }


def test_it_reads_the_columns_there_are() -> None:
    assert receivers_in("地址,订单号\n文一路1号,1\n".encode()) == {"1": Party("", "", "文一路1号")}


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "订单号\n1\n".encode(), b"\xff\xfe\x00\xff,\xff", b"PK\x03\x04\xff\xff"])
def test_it_says_what_such_a_list_looks_like(content: bytes) -> None:
    with pytest.raises(PaperTrouble, match="list of receivers"):
        receivers_in(content)
