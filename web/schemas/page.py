"""What the applicant's page reports about itself: camera, probes, encoder, visibility. Facts for the record, never a verdict."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from web.schemas.base import Wire

Short = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=600)]
Number = Annotated[float, Field(ge=-1e9, le=1e9)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Range = tuple[Number, Number]
_MANY = Field(max_length=64)


class CameraSettings(Wire):
    """What the camera's track says it delivers."""

    width: Number | None = None
    height: Number | None = None
    frame_rate: Number | None = None


class CameraReport(Wire):
    """The camera and the browser, as the page finds them."""

    event: Literal["camera"]
    label: Short
    track_class: Short
    has_stats: bool
    has_group_id: bool
    has_device_id: bool
    facing_mode: Short | None
    capabilities: Annotated[list[Short], _MANY]
    width: Range | None
    height: Range | None
    frame_rate: Range | None
    settings: CameraSettings
    video_inputs: Count
    audio_inputs: Count
    user_agent: Text
    mobile: bool
    touch_points: Count
    webgl: Text
    automation: bool
    natives: Annotated[dict[Short, bool], _MANY]
    capture_time: bool | None


class Try(Wire):
    """One constraint asked of the camera, what it gave and how long that took. ``error`` is "" where it took it."""

    height: Number
    frame_rate: Number
    got_height: Number | None
    got_frame_rate: Number | None
    took_ms: Number
    error: Short


class ProbeReport(Wire):
    """What the camera did when asked for several formats."""

    event: Literal["probe"]
    tries: Annotated[list[Try], _MANY]


class StatsReport(Wire):
    """The page's own video encoder. ``limited_by`` is WebRTC's qualityLimitationReason."""

    event: Literal["stats"]
    frames_per_second: Number | None
    frames: Count | None
    limited_by: Short
    encoder: Short
    width: Number | None
    height: Number | None


class VisibilityReport(Wire):
    """The page was hidden, or shown again."""

    event: Literal["visibility"]
    hidden: bool


class DevicesReport(Wire):
    """The devices changed."""

    event: Literal["devices"]
    video_inputs: Count
    labels_changed: bool


PageReport = Annotated[
    CameraReport | ProbeReport | StatsReport | VisibilityReport | DevicesReport, Field(discriminator="event")
]


class PageReports(Wire):
    """What the page reports, oldest first."""

    reports: Annotated[list[PageReport], Field(min_length=1, max_length=16)]
