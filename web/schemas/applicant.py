"""What the applicant's browser sends and sees."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from interview.consent import Part
from interview.session import State
from web.schemas.accounts import IceServer
from web.schemas.base import Language, Sdp, Wire
from web.schemas.challenges import ChallengeCueEvent, PageKey
from web.schemas.sessions import Consent


class ApplicantState(Wire):
    """All that the applicant's browser learns while it waits and talks: never a number of the analysis."""

    state: State


class ApplicantStateEvent(Wire):
    """``event: state`` on the applicant's stream."""

    event: Literal["state"]
    data: ApplicantState


ApplicantEvent = Annotated[ApplicantStateEvent | ChallengeCueEvent, Field(discriminator="event")]


class ApplicantOffer(Wire):
    """The applicant's session description. ``page_key``: the page's ECDSA P-256 public key, SPKI in base64url; it signs challenges."""

    sdp: Sdp
    type: Literal["offer"]
    page_key: PageKey | None = None


class Join(Wire):
    """What the applicant's page shows. ``asked``: the parts of the consent that it asks for; what is off in this place is not among them."""

    applicant_name: str
    institution: str
    product_zh: str
    product_en: str
    language: Language
    state: State
    consent: Consent | None
    asked: list[Part]
    ice_servers: list[IceServer]


class ApplicantReport(Wire):
    """Something that went wrong in the applicant's browser: ``camera_refused``, ``no_microphone``..."""

    event: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
    detail: Annotated[str, StringConstraints(max_length=300)] = ""
