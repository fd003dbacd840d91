"""The composition root: everything that the service is made of, from its settings. Nothing else builds these."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from interview.accounts import Accounts
from interview.analysis.process import context
from interview.analysis.stack import Stack
from interview.analysis.supervisor import Supervisor, SupervisorSettings
from interview.audit import AuditLog
from interview.challenges.proof import derive_key
from interview.challenges.service import Challenges
from interview.errors import ServiceError
from interview.events import EventHub
from interview.live.calls import LiveCalls
from interview.live.clerk import Clerk
from interview.live.desk import Desk
from interview.live.reels import Reels
from interview.media.gateway import Gateway, GatewaySettings, IceServer
from interview.questions.service import Questions
from interview.questions.templates import load_templates
from interview.rules import Rules, load_rules, note_rules
from interview.services import Services
from interview.sessions import Deployment, Sessions
from interview.settings import Settings
from interview.storage import now, open_repository
from interview.store.repository import Repository
from interview.tokens import KEY_BYTES, LinkSigner
from models.own import own_manifest

log = logging.getLogger(__name__)

_PRELOAD = (
    "interview.analysis.stack",
    "interview.analysis.worker",
    "interview.live.enrolling",
    "biometrics.voice.preloaded",
)


@dataclass(frozen=True, slots=True)
class Application:
    """What a server needs: the services, and what runs while it serves."""

    services: Services
    running: Callable[[], AbstractAsyncContextManager[None]]


def build(settings: Settings, static: Path, *, demo: bool = False) -> Application:
    """Build the service. Analysis workers begin to start at once. Raises ServiceError, with a sentence, and ParametersError, with the line, for
    parameters or a policy that cannot be used: then nothing was started, and no interview is touched."""
    rules = rules_of(settings)
    repository = open_repository(settings)
    events, audit = EventHub(now), AuditLog(repository.audit, now)
    key = _signing_key(settings.data_dir / "signing.key")
    signer = LinkSigner(key)
    note_rules(rules, repository.audit, audit)
    sessions = Sessions(repository, events, signer, _deployment(settings, rules), now)
    challenges = Challenges(repository, events, audit, derive_key(key), now)
    questions = Questions(repository, events, now)
    calls = _calls(settings, sessions, audit, repository, challenges, questions)
    services = Services(
        settings=settings,
        version=version("candor"),
        demo=demo,
        sessions=sessions,
        accounts=Accounts(repository.people, now),
        audit=audit,
        signer=signer,
        events=events,
        calls=calls,
        challenges=challenges,
        questions=questions,
        static=static,
        now=now,
        monotonic=monotonic,
    )
    return Application(services, calls.running)


def rules_of(settings: Settings) -> Rules:
    """What new interviews are assessed by, as the settings name it. Raises ParametersError."""
    products = [product.id for product in settings.products]
    rules = load_rules(settings.parameters, settings.policy, products)
    for warning in (*rules.warnings(), *rules.policies.idle(products)):
        log.warning("%s", warning)
    return rules


def stack(settings: Settings) -> Stack:
    """What every analysing process is made of."""
    return Stack(settings.cache_dir, settings.profile, own_manifest(settings.own_models, settings.profile))


def _calls(
    settings: Settings,
    sessions: Sessions,
    audit: AuditLog,
    repository: Repository,
    challenges: Challenges,
    questions: Questions,
) -> LiveCalls:
    parts = stack(settings)
    reels = Reels(settings.data_dir / "sessions", repository)
    supervisor = Supervisor(
        SupervisorSettings(settings.workers, settings.sessions_per_worker, preload=_PRELOAD), parts
    )
    return LiveCalls(
        sessions,
        audit,
        reels,
        supervisor,
        Desk(sessions, reels, lambda: Clerk(context(_PRELOAD), parts), now, version("candor")),
        challenges,
        questions,
        open_gateway=lambda: Gateway(_gateway_settings(settings)),
        now=now,
    )


def _gateway_settings(settings: Settings) -> GatewaySettings:
    servers = tuple(IceServer(each.urls, each.username, each.credential) for each in settings.ice_servers)
    return GatewaySettings(ice_servers=servers, loopback=settings.media_loopback)


def _deployment(settings: Settings, rules: Rules) -> Deployment:
    return Deployment(
        rules=rules,
        prior=settings.prior,
        link_valid=timedelta(hours=settings.link_valid_hours),
        jurisdiction=settings.jurisdiction,
        templates=load_templates(settings.templates),
    )


def _signing_key(path: Path) -> bytes:
    """The key of applicants' links and challenges: made once, whole or not at all, readable by this account only. Raises ServiceError."""
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        part.replace(path)
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise ServiceError(
            f"{path} is damaged: restore it from a backup, or delete it, and then renew the links that are out"
        )
    return key
