"""What an import does with pipelines: the stages in which its deals stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_crm.imports import stages
from graph_crm.imports.drafts import DealStatus, OpportunityDraft, folded
from graph_crm.imports.ledger import Ledger, Planned
from graph_crm.imports.types import RecordKind, Verdict


@dataclass(slots=True)
class Pipelines:
    """The stages by the folded name of their pipeline: all of them, the first one, those for won and for lost."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    first_ids: dict[str, str] = field(default_factory=dict[str, str])
    closing_ids: dict[tuple[str, bool], str] = field(default_factory=dict[tuple[str, bool], str])

    def remember(self, pipeline_key: str, everything: Sequence[Mapping[str, Any]]) -> None:
        for stage in sorted(everything, key=lambda stage: stage["order"]):
            self.ids[pipeline_key, stage["key"]] = stage["id"]
            if stage["is_won"] or stage["is_lost"]:
                self.closing_ids.setdefault((pipeline_key, stage["is_won"]), stage["id"])
            else:
                self.first_ids.setdefault(pipeline_key, stage["id"])

    def stage_of(self, pipeline: str, draft: OpportunityDraft) -> tuple[str, bool]:
        """The stage a deal stands in, and whether it is over: its status counts before the stage's name."""
        status = folded(draft.values.get("status", ""))
        named_stage = draft.values.get("stage")
        stage = stages.stage_of(named_stage) if named_stage else None
        won = status in DealStatus.WON or (not status and stage is not None and stage.is_won)
        lost = status in DealStatus.LOST or (not status and stage is not None and stage.is_lost)
        if won or lost:
            if stage is not None and ((won and stage.is_won) or (lost and stage.is_lost)):
                return self.ids[pipeline, stage.key], True
            if (closing := self.closing_ids.get((pipeline, won))) is not None:
                return closing, True
        if stage is not None and stage.is_open:
            return self.ids[pipeline, stage.key], False
        first = self.first_ids.get(pipeline)
        if first is None or (stage is not None and status not in DealStatus.OPEN):
            return self.ids[pipeline, stage.key] if stage is not None else next(
                stage_id for (name, _), stage_id in self.ids.items() if name == pipeline
            ), False  # fmt: skip
        return first, False


def plan_pipelines(ledger: Ledger) -> Pipelines:
    """Plan the pipelines and stages in which deals stand; answers where to find them."""
    pipelines = Pipelines()
    names: dict[str, str] = {}
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for draft in ledger.drafts.opportunities:
        name = pipeline_name(ledger, draft)
        names.setdefault(folded(name), name)
        if stage := draft.values.get("stage"):
            wanted[folded(name)].setdefault(stages.key_of(stage), stage)
    known = {pipeline.name_key: pipeline for pipeline in ledger.known.pipelines}
    order = max((pipeline.order for pipeline in ledger.known.pipelines), default=-1)
    for pipeline_key in sorted(names):
        there = known.get(pipeline_key)
        drafted = stages.in_order(wanted[pipeline_key].values())
        existing = {} if there is None else {stage.key: stage for stage in there.stages}
        if there is not None:
            # Stages keep their places; only what deals are in and what nobody has yet is added.
            drafted = [stage for stage in drafted if stage.key in wanted[pipeline_key] and stage.key not in existing]
        pipeline_id = there.id if there is not None else ledger.new_id()
        after = max((stage.order for stage in existing.values()), default=-1) + 1
        added = [
            {
                "id": ledger.new_id(),
                "key": stage.key,
                "name": stage.name,
                "order": after + position,
                "probability": stage.probability,
                "is_won": stage.is_won,
                "is_lost": stage.is_lost,
            }
            for position, stage in enumerate(drafted)
        ]
        everything = [
            *({"id": one.id, "key": one.key, "order": one.order, "is_won": one.is_won, "is_lost": one.is_lost}
              for one in existing.values()),
            *added,
        ]  # fmt: skip
        pipelines.remember(pipeline_key, everything)
        verdict = Verdict.CREATED if there is None else Verdict.CHANGED if added else Verdict.UNCHANGED
        order += verdict is Verdict.CREATED
        row = {
            "id": pipeline_id,
            "name": names[pipeline_key],
            "name_key": pipeline_key,
            "order": order,
            "stages": added,
            "is_new": there is None,
        }
        ledger.steps[RecordKind.PIPELINE].append(
            Planned(
                pipeline_id,
                RecordKind.PIPELINE,
                verdict,
                (pipeline_key,),
                row,
                version=None if there is None else there.version,
                after={"name": names[pipeline_key], "stages": [stage["name"] for stage in added]},
            )
        )
    return pipelines


def pipeline_name(ledger: Ledger, draft: OpportunityDraft) -> str:
    """The pipeline that a deal's row names, else one called like the system it comes from."""
    return draft.values.get("pipeline") or ledger.drafts.system.capitalize()
