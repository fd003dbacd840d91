"""A page that is out of sight, and one that comes anew."""

from __future__ import annotations

from biometrics.challenges.page import HiddenPage
from biometrics.views import Fact
from fraudmodel.signals import Span


def said(t: float, **values: object) -> Fact:
    return Fact(t, "page", values)


def test_what_was_shown_while_the_page_was_hidden_nobody_saw() -> None:
    page = HiddenPage()
    page.learn(said(10.0, event="visibility", hidden=True))
    assert page.overlaps(Span(12.0, 13.0))
    page.learn(said(20.0, event="visibility", hidden=False))
    assert page.parts(30.0) == [Span(10.0, 20.0)]
    assert not page.overlaps(Span(21.0, 30.0))


def test_a_page_that_was_left_while_hidden_does_not_hide_its_successor() -> None:
    page = HiddenPage()
    page.learn(said(10.0, event="visibility", hidden=True))
    page.learn(said(15.0, event="stats", frames=3))
    assert page.overlaps(Span(16.0, 17.0))
    page.learn(said(20.0, event="camera"))
    assert page.parts(30.0) == [Span(10.0, 20.0)]
