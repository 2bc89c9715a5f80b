"""The screening page: facts in, findings out, a decision signed."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openkap.accounts.calls import ClinicRequest
from openkap.accounts.roles import Role
from openkap.chart import queries as chart
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.protocols.models import PackVersion
from openkap.protocols.pack import Pack
from openkap.protocols.pack import Question as PackQuestion
from openkap.screening import actions, deciding, queries, rules
from openkap.screening.facts import Facts
from openkap.screening.forms import AnswersForm, DecideForm, SecondForm
from openkap.screening.models import Decision
from openkap.ui.pages import page
from openkap.ui.typed import bound, read


def _version(request: ClinicRequest, patient: uuid.UUID) -> PackVersion | None:
    """The protocol that was chosen; or the one by which the person was decided on last, or the first."""
    known = protocols.in_use()
    wanted = request.GET.get("pack", "")
    chosen = [it for it in known if str(it.id) == wanted]
    if not chosen and len(known) > 1:
        decision = queries.last(patient)
        chosen = [it for it in known if decision is not None and it.key == decision.pack_version.key]
    return next(iter([*chosen, *known]), None)


def _here(patient: uuid.UUID, version: PackVersion, *, part: str) -> HttpResponse:
    """Back to the page, at the part of it that has changed."""
    address = reverse("screening:screening", args=[patient])
    return redirect(f"{address}?pack={version.id}#{part}")


def _answers_form(
    request: ClinicRequest, pack: Pack, facts: Facts, *, questions: list[PackQuestion]
) -> AnswersForm:
    known = rules.answered(pack, facts)
    return bound(request, "answers", AnswersForm, questions=questions, known=known)


def _needed(request: ClinicRequest, patient: uuid.UUID) -> PackVersion:
    version = _version(request, patient)
    if version is None:
        raise deciding.no_protocol()
    return version


def screening(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Ask, see what is found, decide."""
    person, version = people.get(patient), _version(request, patient)
    if version is None:
        return page(request, "screening/no_protocol.html", {"patient": person})
    pack, facts = protocols.pack_of(version), queries.facts_of(person, at=request.at)
    questions = rules.asked_of(pack, facts)
    assessment = rules.assess(facts, pack=pack, signed=protocols.signed_rows(version))
    prescribes = request.actor.role == Role.PRESCRIBER
    answers = _answers_form(request, pack, facts, questions=questions)
    rows = _rows(answers, patient, facts=facts, questions=questions)
    context = {
        "patient": person,
        "version": version,
        "versions": protocols.in_use(),
        "pack": pack,
        "facts": facts,
        "assessment": assessment,
        "questions": rows,
        "to_ask": [row for row in rows if not row["holds"]],
        "holding": [row for row in rows if row["holds"]],
        "answers_typed": answers.is_bound,
        "decide": bound(request, "decide", DecideForm),
        "cannot_decide": deciding.objections_to_deciding_now(assessment, is_prescriber=prescribes),
        "pack_query": f"?pack={version.id}",
        "decisions": queries.decisions(patient),
    }
    return page(request, "screening/screening.html", context)


def answer(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Write down what the person answered; what had run out was asked once more."""
    version = _needed(request, patient)
    pack, facts = protocols.pack_of(version), queries.facts_of(people.get(patient), at=request.at)
    questions = rules.asked_of(pack, facts)
    form = _answers_form(request, pack, facts, questions=questions)
    read(form)
    old = frozenset(question.name for question in questions if not facts.is_fresh(question))
    actions.answer(patient, pack=pack, answers=form.given(), again=old, by=request.actor, at=request.at)
    return _here(patient, version, part="findings")


def decide(request: ClinicRequest, patient: uuid.UUID) -> HttpResponse:
    """Decide whether the person may be treated, signed."""
    version, typed = _needed(request, patient), read(bound(request, "decide", DecideForm))
    actions.decide(patient, pack_version_id=version.id, **typed, by=request.actor, at=request.at)
    return _here(patient, version, part="decided")


SCREENING_FORMS = {"answers": answer, "decide": decide}


def _rows(
    form: AnswersForm, patient: uuid.UUID, *, facts: Facts, questions: list[Any]
) -> list[dict[str, Any]]:
    known = chart.facts(patient)
    return [
        {
            "field": form[question.name],
            "fact": known.get(question.name),
            "expired": facts.expires(question) is not None and not facts.is_fresh(question),
            "days": question.days_valid,
            "holds": facts.is_fresh(question),
        }
        for question in questions
    ]


def _decision(decision: uuid.UUID) -> Decision:
    row = queries.one(decision)
    if row is None:
        raise Http404
    return row


def second(request: ClinicRequest, decision: uuid.UUID) -> HttpResponse:
    """A decision against a finding, for another prescriber to read."""
    decision_row = _decision(decision)
    context = {
        "form": bound(request, "second", SecondForm),
        "decision": decision_row,
        "findings": queries.kept_findings(decision_row),
        "patient": decision_row.patient,
    }
    return page(request, "screening/second.html", context)


def sign_second(request: ClinicRequest, decision: uuid.UUID) -> HttpResponse:
    """Another prescriber has read a decision against a finding, and agrees."""
    row, typed = _decision(decision), read(bound(request, "second", SecondForm))
    actions.second(decision, typed_name=typed["typed_name"], by=request.actor, at=request.at)
    return redirect("screening:screening", patient=row.patient_id)
