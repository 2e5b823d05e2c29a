"""Blocks of events: of two profiles each seeks the other, or neither does, so that it does not matter who came first."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sayso.link.accounts import PlaceOf, Profile
from sayso.link.events import sought_keys, stored_keys

_DAYS = st.dates(date(2024, 2, 20), date(2024, 3, 20))


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    published = draw(_DAYS)
    first = draw(_DAYS)
    length = draw(st.sampled_from([0, 0, 1, 6, 7, 30]))
    dated = draw(st.booleans())
    days = (first, first + timedelta(days=length)) if dated else (published - timedelta(days=4), published)
    words = draw(st.lists(st.sampled_from(["bridge", "mill", "ferry", "depot", "harbour"]), max_size=3, unique=True))
    places = draw(
        st.lists(
            st.builds(
                PlaceOf,
                name=st.sampled_from(["Sumy", "Kursk"]),
                lat=st.floats(50, 52),
                lon=st.floats(34, 36),
                precision=st.sampled_from(["city", "district", "province", "country"]),
            ),
            max_size=2,
        )
    )
    return Profile(
        document=draw(st.sampled_from("ab")),
        ref="v1",
        start=0,
        type="attack",
        family=draw(st.sampled_from(["violence", "justice", ""])),
        days=((days[0].isoformat(), days[1].isoformat()),),
        dated=dated,
        published=published.isoformat() if draw(st.booleans()) else None,
        places=tuple(places),
        by=(),
        on=(),
        counts=(),
        words=tuple((w, 0.7) for w in words),
        sides=tuple(draw(st.lists(st.sampled_from(["UA", "RU", "SY"]), max_size=3, unique=True))),
        denied_by=tuple(draw(st.lists(st.sampled_from(["RU", "SY", "~mill"]), max_size=2, unique=True))),
    )


@given(profiles(), profiles())
def test_each_seeks_the_other_or_neither_does(one: Profile, other: Profile) -> None:
    assert bool(stored_keys(one) & sought_keys(other)) is bool(stored_keys(other) & sought_keys(one))


@given(profiles())
def test_a_profile_finds_its_like(one: Profile) -> None:
    if one.words:
        assert stored_keys(one) & sought_keys(one)
