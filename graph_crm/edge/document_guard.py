"""Decides whether a GraphQL document is small enough to be answered, before it is validated.

The text is scanned once for its size. The parsed document is then walked once: each fragment is measured a
single time however often it is spread, so a chain of fragments that would write out to millions of fields is
decided as fast as any other. Sizes saturate instead of growing without end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    Lexer,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    VariableNode,
    get_named_type,
    is_composite_type,
)
from graphql.type import SchemaMetaFieldDef, TypeMetaFieldDef

from graph_crm.errors import Invalid, LimitReached

OPENING = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
CLOSING = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})
NUMBERS = frozenset({TokenKind.INT, TokenKind.FLOAT})
INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})
# Lists of __Type that lead back to __Type: nested freely they multiply with the size of the schema.
INTROSPECTION_LISTS = frozenset({"fields", "inputFields", "interfaces", "possibleTypes"})
CEILING = 10**12


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be. `docs/api.md` explains each."""

    characters: int = 15_000
    tokens: int = 1_000
    digits: int = 40
    nesting: int = 50
    operations: int = 5
    fragments: int = 50
    depth: int = 12
    introspection_depth: int = 15
    introspection_lists: int = 2
    root_fields: int = 10
    aliases: int = 15
    directives: int = 20
    fields: int = 2_000
    repeats: int = 30
    cost: int = 5_000
    page: int = 20
    largest_page: int = 100
    plain_list: int = 10


@dataclass(slots=True)
class Size:
    """What a selection amounts to once its fragments are written out."""

    depth: int = 0
    introspection_depth: int = 0
    introspection_lists: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0

    def add(self, other: Size) -> None:
        """Takes in what stands beside it."""
        self.depth = max(self.depth, other.depth)
        self.introspection_depth = max(self.introspection_depth, other.introspection_depth)
        self.introspection_lists = max(self.introspection_lists, other.introspection_lists)
        self.fields = min(self.fields + other.fields, CEILING)
        self.aliases = min(self.aliases + other.aliases, CEILING)
        self.directives = min(self.directives + other.directives, CEILING)
        self.cost = min(self.cost + other.cost, CEILING)


def check_text(text: str, limits: Limits) -> None:
    """Refuses a text that is not worth parsing. What cannot be read is left to the parser's own words."""
    if len(text) > limits.characters:
        raise LimitReached(
            "The query is {count} characters long; at most {limit} are read. "
            "Send values as variables and split the query.",
            count=len(text),
            limit=limits.characters,
        )
    lexer = Lexer(Source(text))
    tokens = nesting = 0
    try:
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            tokens += 1
            nesting += (token.kind in OPENING) - (token.kind in CLOSING)
            if tokens > limits.tokens:
                raise LimitReached(
                    "The query has more than {limit} words and signs. Send values as variables and split it.",
                    limit=limits.tokens,
                )
            if nesting > limits.nesting:
                raise LimitReached(
                    "Brackets in the query are nested more than {limit} deep. Flatten it.",
                    limit=limits.nesting,
                )
            if token.kind in NUMBERS and len(token.value or "") > limits.digits:
                raise LimitReached("A number in the query has more than {limit} digits.", limit=limits.digits)
    except GraphQLError:
        return


@dataclass(slots=True)
class DocumentGuard:
    """The verdict on one parsed document. `visits` counts the selections looked at."""

    schema: GraphQLSchema
    document: DocumentNode
    limits: Limits = field(default_factory=Limits)
    visits: int = 0
    size_variables: frozenset[str] = frozenset()
    """Names of the variables that say how long a list is: with other values the verdict may differ."""
    _fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict[str, FragmentDefinitionNode])
    _measured: dict[str, Size | None] = field(default_factory=dict[str, "Size | None"])
    _variables: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def check(self, variables: Mapping[str, Any]) -> None:
        """Refuses a document one of whose operations asks for more than is answered in one go."""
        self._fragments = {}
        operations: list[OperationDefinitionNode] = []
        for definition in self.document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self._fragments[definition.name.value] = definition
            elif isinstance(definition, OperationDefinitionNode):
                operations.append(definition)
        if len(operations) > self.limits.operations:
            raise LimitReached(
                "The document holds {count} operations; at most {limit} are read. Send fewer at a time.",
                count=len(operations),
                limit=self.limits.operations,
            )
        if len(self._fragments) > self.limits.fragments:
            raise LimitReached(
                "The document holds {count} fragments; at most {limit} are read. Split the query.",
                count=len(self._fragments),
                limit=self.limits.fragments,
            )
        for operation in operations:
            self._check_operation(operation, variables)

    def _check_operation(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> None:
        limits = self.limits
        self._measured = {}  # the defaults of variables belong to the operation, so lengths do too
        self._variables = {**default_values(operation), **variables}
        roots = self._root_fields(operation.selection_set, set())
        if roots > limits.root_fields:
            raise LimitReached(
                "The query asks {count} questions at once; at most {limit} are answered. Send the others separately.",
                count=roots,
                limit=limits.root_fields,
            )
        root = self.schema.get_root_type(operation.operation)
        size = self._selections(operation.selection_set, root, 1)
        size.directives += len(operation.directives or ())
        if size.depth > limits.depth:
            raise self._too_deep()
        if size.introspection_depth > limits.introspection_depth:
            raise self._schema_too_deep()
        if size.introspection_lists > limits.introspection_lists:
            raise LimitReached(
                "The question about the schema nests lists of fields {count} deep; "
                "at most {limit} are answered. Ask for each type by name.",
                count=size.introspection_lists,
                limit=limits.introspection_lists,
            )
        if size.fields > limits.fields:
            raise LimitReached(
                "With its fragments written out the query asks for more than {limit} fields. Ask for fewer.",
                limit=limits.fields,
            )
        if size.aliases > limits.aliases:
            raise LimitReached(
                "With its fragments written out the query has {count} aliases; at most {limit} are answered. "
                "Ask for lists, or send several queries.",
                count=size.aliases,
                limit=limits.aliases,
            )
        if size.directives > limits.directives:
            raise LimitReached(
                "With its fragments written out the query has {count} directives; at most {limit} are answered.",
                count=size.directives,
                limit=limits.directives,
            )
        if size.cost > limits.cost:
            raise LimitReached(
                "The answer could hold {count} records; at most {limit} are given in one go. "
                "Ask for shorter lists with `first`, or for fewer lists inside lists.",
                count=size.cost,
                limit=limits.cost,
            )

    def _too_deep(self) -> LimitReached:
        return LimitReached(
            "The query is more than {limit} levels deep. Ask for the deeper part in a second query.",
            limit=self.limits.depth,
        )

    def _schema_too_deep(self) -> LimitReached:
        return LimitReached(
            "The question about the schema is more than {limit} levels deep. Ask for each type by name.",
            limit=self.limits.introspection_depth,
        )

    def _root_fields(self, selections: SelectionSetNode, spread: set[str]) -> int:
        """Fields at the top, through fragments; each fragment counts once because equal fields are merged."""
        count = 0
        for selection in selections.selections:
            match selection:
                case FieldNode():
                    count += 1
                case InlineFragmentNode():
                    count += self._root_fields(selection.selection_set, spread)
                case FragmentSpreadNode():
                    name = selection.name.value
                    if name not in spread and name in self._fragments:
                        spread.add(name)
                        count += self._root_fields(self._fragments[name].selection_set, spread)
                case _:
                    pass
        return count

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType | None, depth: int) -> Size:
        # One frame a level and a stop below the deepest allowed one keep recursion far from its limit.
        if depth > max(self.limits.depth, self.limits.introspection_depth) + 1:
            within_schema = parent is not None and parent.name.startswith("__")
            raise self._schema_too_deep() if within_schema else self._too_deep()
        size = Size()
        names: dict[str, int] = {}
        for selection in selections.selections:
            self.visits += 1
            match selection:
                case FieldNode():
                    name = selection.alias.value if selection.alias else selection.name.value
                    names[name] = names.get(name, 0) + 1
                    if names[name] > self.limits.repeats:
                        raise LimitReached(
                            "The field {name} is repeated more than {limit} times in one place. Ask for it once.",
                            name=name,
                            limit=self.limits.repeats,
                        )
                    size.add(self._field(selection, parent, depth))
                case InlineFragmentNode():
                    condition = selection.type_condition
                    inner = self.schema.get_type(condition.name.value) if condition else parent
                    size.add(self._selections(selection.selection_set, inner, depth))
                case FragmentSpreadNode():
                    size.add(self._fragment(selection.name.value, depth))
                case _:
                    pass
            size.directives += len(selection.directives or ())
        return size

    def _fragment(self, name: str, depth: int) -> Size:
        definition = self._fragments.get(name)
        if definition is None:
            return Size()  # validation says so in its own words
        if name in self._measured:
            known = self._measured[name]
            if known is None:
                raise Invalid(
                    "The fragment {name} contains itself. Remove one of the spreads that close the circle.",
                    name=name,
                )
            return known
        self._measured[name] = None
        condition = self.schema.get_type(definition.type_condition.name.value)
        size = self._selections(definition.selection_set, condition, depth)
        size.directives += len(definition.directives or ())
        self._measured[name] = size
        return size

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> Size:
        if node.selection_set is None:
            return Size(depth=1, fields=1, aliases=int(node.alias is not None))
        definition = self._definition(node, parent)
        named = named_type(definition) if definition is not None else None
        size = self._selections(node.selection_set, named, depth + 1)
        size.depth += 1
        size.fields += 1
        size.aliases += int(node.alias is not None)
        if node.name.value in INTROSPECTION_FIELDS:
            size.introspection_depth, size.depth, size.cost = size.depth, 0, 0
        elif parent is not None and parent.name.startswith("__"):
            size.introspection_lists += int(node.name.value in INTROSPECTION_LISTS)
        else:
            records = size.cost + int(named is not None and is_record(named))
            size.cost = min(self._length(node, parent, definition) * records, CEILING)
        return size

    def _definition(self, node: FieldNode, parent: GraphQLNamedType | None) -> GraphQLField | None:
        match node.name.value:
            case "__schema":
                return SchemaMetaFieldDef
            case "__type":
                return TypeMetaFieldDef
            case name if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
                return parent.fields.get(name)
            case _:
                return None

    def _length(self, node: FieldNode, parent: GraphQLNamedType | None, definition: GraphQLField | None) -> int:
        """How many records the field may bring: as many as asked for, or the usual number of such a list."""
        if definition is None:
            return 1
        for argument in node.arguments or ():
            if argument.name.value in {"first", "last", "ids"}:
                asked = self._asked(argument)
                if asked is not None:
                    return min(max(asked, 1), self.limits.largest_page)
        paged = named_type(definition).name.endswith("Connection")
        if paged or not is_list(definition):
            return default_length(definition) or (self.limits.page if paged else 1)
        if parent is not None and parent.name.endswith("Connection"):
            return 1  # edges: the connection has counted them
        return self.limits.plain_list

    def _asked(self, argument: ArgumentNode) -> int | None:
        match argument.value:
            case IntValueNode(value=digits):
                return int(digits)
            case ListValueNode(values=values):
                return len(values)
            case VariableNode(name=name):
                self.size_variables |= {name.value}
                return length_of(self._variables.get(name.value))
            case _:
                return None


def default_values(operation: OperationDefinitionNode) -> dict[str, int]:
    return {
        definition.variable.name.value: int(definition.default_value.value)
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode)
    }


def length_of(value: object) -> int | None:
    """How many records a variable asks for: a count, or a list of ids."""
    match value:
        case bool():
            return None
        case int():
            return value
        case list():
            return len(cast("list[object]", value))
        case _:
            return None


def is_record(named: GraphQLNamedType) -> bool:
    """Pages, edges and their page information carry records without being any."""
    return is_composite_type(named) and not named.name.endswith(("Connection", "Edge", "PageInfo"))


# graphql-core's wrapping classes are generic over a type that it leaves unknown; hence the casts to Any.
def named_type(definition: GraphQLField) -> GraphQLNamedType:
    return cast("Any", get_named_type)(cast("Any", definition).type)


def is_list(definition: GraphQLField) -> bool:
    outer: Any = cast("Any", definition).type
    if isinstance(outer, GraphQLNonNull):
        outer = cast("Any", outer).of_type
    return isinstance(outer, GraphQLList)


def default_length(definition: GraphQLField) -> int | None:
    """The default of `first`, given as a value by the code or as a literal by a printed schema."""
    argument = definition.args.get("first")
    if argument is None:
        return None
    default = argument.default
    if default is not None and isinstance(default.literal, IntValueNode):
        return int(default.literal.value)
    value = default.value if default is not None else argument.default_value
    return value if isinstance(value, int) else None
