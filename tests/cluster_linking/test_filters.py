"""Filters: typed rows and the JSON text that servers keep."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.cluster_linking.filters import acl_word, filter_text, parse_filters
from reconciler.model.filters import AclFilter, FilterKind, NameFilter, property_text

NAMES = st.text(max_size=12)
EXTRA = st.dictionaries(
    st.text(min_size=1, max_size=6).filter(
        lambda k: k not in {"name", "patternType", "filterType"}
    ),
    st.one_of(st.integers(), st.text(max_size=5), st.booleans(), st.none()),
    max_size=2,
).map(lambda d: tuple(sorted((k, property_text(v)) for k, v in d.items())))
NAME_FILTERS = st.frozensets(
    st.builds(
        NameFilter,
        NAMES,
        st.sampled_from(["LITERAL", "PREFIXED", "REGEX"]),
        st.sampled_from(["INCLUDE", "EXCLUDE"]),
        EXTRA,
    )
)
ACL_FILTERS = st.frozensets(
    st.builds(
        AclFilter,
        st.sampled_from(["any", "topic", "transactionalId"]),
        st.sampled_from(["any", "literal"]),
        st.sampled_from(["any", "describeConfigs"]),
        st.sampled_from(["any", "allow", "deny"]),
        NAMES,
        NAMES,
        NAMES,
        st.sampled_from([(), (("accessFilter.x", "1"), ("resourceFilter.y", "null"), ("z", "[]"))]),
    )
)


@settings(deadline=None)
@given(NAME_FILTERS)
def test_name_filters_survive_the_round_trip(filters: frozenset[NameFilter]) -> None:
    """Rows, unknown properties and unknown words included, come back as they were."""
    for kind in (FilterKind.GROUP, FilterKind.TOPIC):
        assert parse_filters(kind, filter_text(kind, filters)) == filters


@settings(deadline=None)
@given(ACL_FILTERS)
def test_acl_filters_survive_the_round_trip(filters: frozenset[AclFilter]) -> None:
    """ACL rows come back as they were, properties in the nested objects included."""
    assert parse_filters(FilterKind.ACL, filter_text(FilterKind.ACL, filters)) == filters


def test_the_documented_text_is_what_we_write() -> None:
    """The text has the shape that the documentation shows, sorted."""
    rows = frozenset({NameFilter("b", "PREFIXED", "EXCLUDE"), NameFilter("*")})
    assert filter_text(FilterKind.GROUP, rows) == (
        '{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"},'
        '{"name":"b","patternType":"PREFIXED","filterType":"EXCLUDE"}]}'
    )


@pytest.mark.parametrize("text", [None, "", "  ", '{"groupFilters":[]}'])
def test_nothing_is_an_empty_filter(text: str | None) -> None:
    """Unset, empty and an empty list all select nothing."""
    assert parse_filters(FilterKind.GROUP, text) == frozenset()


def test_order_repetition_and_case_mean_nothing() -> None:
    """Two texts of the same filter are the same filter."""
    one = '{"topicFilters":[{"name":"a","patternType":"literal"},{"name":"b","patternType":"PREFIXED"}]}'
    two = (
        '{"topicFilters":[{"name":"b","patternType":"prefixed","filterType":"include"},'
        '{"patternType":"LITERAL","name":"a"},{"patternType":"LITERAL","name":"a"}]}'
    )
    assert parse_filters(FilterKind.TOPIC, one) == parse_filters(FilterKind.TOPIC, two)


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "null",
        "{}",
        '{"groupFilters":null}',
        '{"groupFilters":{}}',
        '{"groupFilters":[1]}',
        '{"groupFilters":[{"patternType":"LITERAL"}]}',
        '{"groupFilters":[{"name":7}]}',
        '{"topicFilters":[]}',
        '{"groupFilters":[],"version":2}',
        "[" * 100_000,
    ],
)
def test_what_is_no_filter_is_refused_without_being_quoted(text: str) -> None:
    """A text that we would destroy by writing it back is an error that shows nothing of it."""
    with pytest.raises(ValueError, match=r"\w+") as caught:
        parse_filters(FilterKind.GROUP, text)
    assert len(str(caught.value)) < 80


@pytest.mark.parametrize(
    ("word", "canonical"),
    [
        ("ANY", "any"),
        ("TRANSACTIONAL_ID", "transactionalId"),
        ("DescribeConfigs", "describeConfigs"),
        ("describeConfigs", "describeConfigs"),
        ("", ""),
    ],
)
def test_acl_words_have_one_spelling(word: str, canonical: str) -> None:
    """Kafka's three spellings of an ACL word are one word to us."""
    assert acl_word(word) == canonical
