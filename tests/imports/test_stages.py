"""Stages come in the order in which deals usually go through them."""

from __future__ import annotations

from graph_crm.imports.stages import in_order, key_of


def test_the_three_pipelines_of_the_export_are_in_order() -> None:
    new = ["Quote", "Lead", "Closed Lost", "PO Review", "Sample/Trial", "Closed Won", "RFQ Response", "Qualification"]
    engineered = ["Negotiation", "Closed Won", "Prototype", "Quote", "Engineering Review", "Requirements Gathering"]
    assert [stage.name for stage in in_order(new)] == [
        "Lead", "Qualification", "RFQ Response", "Quote", "Sample/Trial", "PO Review", "Closed Won", "Closed Lost",
    ]  # fmt: skip
    assert [stage.name for stage in in_order(engineered)] == [
        "Requirements Gathering", "Engineering Review", "Prototype", "Quote", "Negotiation", "Closed Won", "Lost",
    ]  # fmt: skip


def test_won_and_lost_are_known_by_name_and_always_there() -> None:
    stages = in_order(["Lead"])
    assert [(stage.name, stage.is_won, stage.is_lost) for stage in stages] == [
        ("Lead", False, False),
        ("Won", True, False),
        ("Lost", False, True),
    ]
    assert {stage.name: stage.probability for stage in stages} == {"Lead": 0.05, "Won": 1.0, "Lost": 0.0}


def test_a_stage_nobody_knows_has_no_probability_that_nobody_stated() -> None:
    stages = in_order(["Dancing", "Lead", "PO Received"])
    assert [(stage.name, stage.probability) for stage in stages][:3] == [
        ("Lead", 0.05),
        ("PO Received", 0.95),
        ("Dancing", None),
    ]


def test_keys_are_plain() -> None:
    assert key_of("Sample/Trial") == "SAMPLE_TRIAL"
    assert key_of("Négociation") == "NEGOCIATION"
