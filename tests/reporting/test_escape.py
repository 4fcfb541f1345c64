"""What hostile text looks like to people."""

from __future__ import annotations

import pytest

from reconciler.reporting.escape import display_width, github_data, github_property, shown

CASES = {
    "orders.v1_2-x": "orders.v1_2-x",
    "https://host:8090/kafka/v3 [::1]:9092": "https://host:8090/kafka/v3 [::1]:9092",
    "a\x1b[31mred": "a\\x1b[31mred",
    "two\nlines\r\tand a tab": "two\\nlines\\r\\tand a tab",
    "\x00\x7f\x9b": "\\x00\\x7f\\x9b",
    "x\u202eevil\u2066": "x\\u202eevil\\u2066",
    "\u05d0\u0627\u0661": "\\u05d0\\u0627\\u0661",
    "a\u00a0b\u2028c\u200bd\ufeff": "a\\xa0b\\u2028c\\u200bd\\ufeff",
    "\ud800\U000e0001": "\\ud800\\U000e0001",
    "gr\u00fc\u00dfe \u6771\u4eac": "gr\u00fc\u00dfe \u6771\u4eac",
    "::error::x": "\\x3a:error::x",
    "a ::stop-commands::b": "a \\x3a:stop-commands::b",
    ":": "\\x3a",
    "##[error]x": "\\x23#[error]x",
    " a b ": "\\x20a b\\x20",
    " ": "\\x20",
    "": "",
}


@pytest.mark.parametrize("text", CASES)
def test_shown(text: str) -> None:
    """Text prints as itself, or as an escape where it would not."""
    assert shown(text) == CASES[text]


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("\u6771\u4eac", 4), ("e\u0301", 1)])
def test_display_width(text: str, width: int) -> None:
    """Wide characters take two columns, combining ones none."""
    assert display_width(text) == width


def test_github_escapes() -> None:
    """Messages keep colons and commas, properties do not; a percent sign is escaped first."""
    assert github_data("50%\r\na:b,c") == "50%25%0D%0Aa:b,c"
    assert github_property("50%\na:b,c") == "50%25%0Aa%3Ab%2Cc"
