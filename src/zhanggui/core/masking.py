"""How personal data are masked, at the edge, before anything else sees them. Masking a masked text changes nothing."""

import re

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_CITIZEN = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?![\dXx])")
_LONG_NUMBER = re.compile(r"\d{5,}")
_SIGNATORY = re.compile(r"(签收人|收件人|收货人)(\s*[:：]\s*)(?!已|本人|家人|同事|门卫|前台|物业|驿站|丰巢|凭)([\u4e00-\u9fff]{2,4})(?=[\s,，。;；、()（）]|$)")
_PLAIN = re.compile(r"[\x21-\x7e 年月日时分秒：，]{1,60}")
PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|"
    "湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
"""The provinces in short, as alternatives of a pattern."""
_PROVINCE = re.compile(rf"\s*({PROVINCES})(省|市|维吾尔自治区|壮族自治区|回族自治区|特别行政区|自治区)?")


def storable(text: str) -> str:
    """The text without what no database holds: null characters and halves of surrogate pairs become a visible mark."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def masked_numbers(text: str) -> str:
    """The text with mobile and citizen numbers starred out; every other word stays."""
    if len(text) < 11:
        return text
    return _CITIZEN.sub("***", _MOBILE.sub(r"\1****\2", text))


def masked_name(text: str) -> str:
    """The first character of a name, and stars: 张三 is 张*, 欧阳小美 is 欧**美."""
    name = text.strip()
    if len(name) < 2:
        return "*" if name else ""
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * min(len(name) - 2, 6)}{name[-1]}" if not _LONG_NUMBER.search(name) else masked_phone(name)


def masked_signatory(text: str) -> str:
    """A tracking text without the name of who signed; a courier's telephone number stays, since it is there to be called."""
    return _SIGNATORY.sub(lambda found: f"{found[1]}{found[2]}{masked_name(found[3])}", text)


def masked_phone(text: str) -> str:
    """A telephone number with its middle starred out, whatever its length; an extension is dropped."""
    number = text.strip().split("-")[0] if text.strip()[:1] == "1" else text.strip()
    if "*" in number:
        return _LONG_NUMBER.sub("****", number)
    if len(number) < 7:
        return "*" * len(number)
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 10 else f"{number[:2]}****{number[-2:]}"


def masked_person(text: str) -> str:
    """A cell that may hold a name or a telephone number, masked as whichever it is."""
    return masked_phone(text) if sum(character.isdigit() for character in text) >= 5 else masked_name(text)


def province_of(address: str) -> str | None:
    """The province that opens an address; nothing else of an address ever passes."""
    found = _PROVINCE.match(address)
    return found.group().strip() if found else None


def masked_offence(text: str) -> str:
    """A cell that was not understood, safe to show: it may have slipped in from a personal column, so only plain short codes and numbers stay whole."""
    bare = masked_numbers(text.strip())
    if _PLAIN.fullmatch(bare):
        return bare if not (bare.isascii() and bare.isalpha() and len(bare) > 20) else f"{bare[:1]}***"
    return f"{bare[:1]}***" if bare.isprintable() else "***"
