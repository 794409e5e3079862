"""The report on paper: every figure can be read, in both languages, however odd the texts."""

import pytest

from tests.papers.looking import NOW, pictures, text_of
from zhanggui.papers.reports import Bar, Figure, Report, Section, report_pdf

ODD = '#panic("x") $a$ <b> ' + "很长的名字" * 30 + "\u202e\x07"


def report(language: str = "zh_Hans", **changes: object) -> Report:
    plain = {
        "language": language,
        "title": "周报 2026-W47",
        "shop": "林记坚果",
        "span": "2026-11-16 – 2026-11-22",
        "figures": (Figure("订单", "95", "比之前 7 个整天 -14 %"), Figure("误了时限损失", "¥82.58", "26", "bad")),
        "days_title": "每日订单",
        "days": tuple(Bar(f"11-{day}", day * 30, str(day)) for day in range(16, 23)),
        "parts": (
            (Section(title="时限", heads=("事项", "误了"), rows=(("发货", "5"), ("揽收", "0")), bad=((0, 1),), note="按规则"),),
            (Section(title="原因", bars=(Bar("质量", 1000, "¥79.90"), Bar("不想要", 0, "¥0.00"))), Section(title="星", bars=(Bar("五星", 700, "7"),))),
        ),
        "made": "2026-11-22 制",
        "page": "第 {page} 页，共 {of} 页",
    }
    return Report(**(plain | changes))  # type: ignore[arg-type]  # a test may tell anything


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_figure_can_be_read(language: str) -> None:
    text = text_of(report_pdf(report(language), made_at=NOW))

    for told in ("周报2026-W47", "林记坚果", "95", "¥82.58", "11-16", "发货5", "按规则", "¥79.90", "五星7", "第1页，共1页"):
        assert told in text


def test_texts_are_never_markup_and_long_ones_are_cut() -> None:
    odd = Section(title="商品", heads=("商品", "单"), rows=((ODD, "1"),) * 70)

    pdf = report_pdf(report(shop=ODD, parts=((odd,),)), made_at=NOW)

    assert '#panic("x")$a$<b>' in text_of(pdf)
    assert len(pictures(pdf, dots_a_mm=1)) > 1


def test_the_same_report_of_the_same_moment_is_the_same_file() -> None:
    assert report_pdf(report(), made_at=NOW) == report_pdf(report(), made_at=NOW)


def test_a_report_of_nothing_can_be_printed() -> None:
    assert report_pdf(report(days=(), parts=(), figures=()), made_at=NOW).startswith(b"%PDF")
