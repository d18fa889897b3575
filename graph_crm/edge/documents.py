"""GraphQL documents that were guarded, parsed and validated, kept so that a repeated one costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLSyntaxError,
    ObjectValueNode,
    ValidationContext,
    VariableNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graph_crm.edge.document_guard import DocumentGuard, Limits, check_text, length_of
from graph_crm.errors import Refusal

MOST_ERRORS = 5
KEPT_VERDICTS = 16
# A parsed character takes up to 250 bytes, so what is kept stays below 50 MB whoever asks.
KEPT_CHARACTERS = 200_000


class OneOfRule(OneOfInputValidationRule):
    """Exactly one key of a one-of input, also where the document puts fragments before operations."""

    def __init__(self, validation_context: ValidationContext) -> None:
        super().__init__(validation_context)
        self.variable_definitions = {}

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:
        value = node.fields[0].value if len(node.fields) == 1 else None
        if isinstance(value, VariableNode) and value.name.value not in self.variable_definitions:
            return  # declared elsewhere: the value itself is checked when it is read
        super().validate_one_of(node, type)


RULES: tuple[type[ASTValidationRule], ...] = (*specified_rules, MaybeNullValidationRule, OneOfRule)


@dataclass(frozen=True, slots=True)
class Faulty:
    """GraphQL's own words on a document that cannot be read or does not fit the schema."""

    errors: tuple[GraphQLError, ...]


Verdict: TypeAlias = DocumentNode | Refusal | Faulty


@dataclass(slots=True)
class Known:
    """What was found out about one text: its verdict, or a document that waits for its variables."""

    fixed: Refusal | Faulty | None = None
    guard: DocumentGuard | None = None
    refusals: OrderedDict[tuple[int | None, ...], Refusal | None] = field(
        default_factory=OrderedDict[tuple[int | None, ...], "Refusal | None"]
    )
    errors: tuple[GraphQLError, ...] | None = None


class Documents:
    """The documents asked last, by their text."""

    def __init__(self, schema: GraphQLSchema, limits: Limits | None = None, *, kept: int = KEPT_CHARACTERS) -> None:
        self.schema = schema
        self.limits = limits or Limits()
        self.kept = kept
        self.validations = 0
        self._characters = 0
        self._known: OrderedDict[str, Known] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def check(self, text: str, variables: Mapping[str, Any]) -> Verdict:
        """The parsed document when it may be executed, else why not."""
        known = self._known.get(text)
        if known is None:
            known = self._read(text)
            # A text beyond the limit is refused by its length alone: keeping it would only fill the memory.
            if len(text) <= self.limits.characters:
                self._keep(text, known)
        else:
            self._known.move_to_end(text)
        if known.guard is None:
            return known.fixed or Faulty(())
        return self._guarded(known, known.guard, variables)

    def _keep(self, text: str, known: Known) -> None:
        self._known[text] = known
        self._characters += len(text)
        while self._characters > self.kept:
            oldest, _ = self._known.popitem(last=False)
            self._characters -= len(oldest)

    def _read(self, text: str) -> Known:
        try:
            check_text(text, self.limits)
            return Known(guard=DocumentGuard(self.schema, parse(text), self.limits))
        except Refusal as refusal:
            return Known(fixed=refusal)
        except GraphQLSyntaxError as error:
            return Known(fixed=Faulty((error,)))

    def _guarded(self, known: Known, guard: DocumentGuard, variables: Mapping[str, Any]) -> Verdict:
        # The walk finds out which variables matter, so before the first walk the key is empty.
        if (key := size_key(guard, variables)) not in known.refusals:
            refusal = refusal_of(guard, variables)
            known.refusals[key := size_key(guard, variables)] = refusal
            if len(known.refusals) > KEPT_VERDICTS:
                known.refusals.popitem(last=False)
        refused = known.refusals[key]
        if refused is not None:
            return refused  # and not validated: that could cost what was just refused
        if known.errors is None:
            self.validations += 1
            known.errors = tuple(validate(self.schema, guard.document, RULES, max_errors=MOST_ERRORS)[:MOST_ERRORS])
        return Faulty(known.errors) if known.errors else guard.document


def refusal_of(guard: DocumentGuard, variables: Mapping[str, Any]) -> Refusal | None:
    try:
        guard.check(variables)
    except Refusal as refusal:
        return refusal
    return None


def size_key(guard: DocumentGuard, variables: Mapping[str, Any]) -> tuple[int | None, ...]:
    """The lengths that the variables ask for, as far as the verdict can depend on them."""
    return tuple(length_of(variables.get(name)) for name in sorted(guard.size_variables))
