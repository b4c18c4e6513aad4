"""The wire form of reports as JSON Schema, draft 2020-12."""

from typing import Any

from archive.errors import UsageError
from archive.intake.docs import meanings, promise
from archive.intake.fields import Field, form
from archive.intake.nearest import nearest_words
from events import Passage, types

_PASSAGE = (["quote"], ["start", "end"])
"""What a passage must say: the rest follows from the kept text."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(type_name: str | None = None) -> dict[str, Any]:
    """The schema of one type of report, or of any report.

    What a schema cannot say (that ids are registered, that times can be, that fields go together) intake alone checks.
    """
    if type_name is None:
        defined = {name: _type(cls) for name, cls in types().items()}
        parts = {name: schema for cls in types().values() for name, schema in _parts(cls).items()}
        return {
            "$schema": DRAFT,
            "title": "Report",
            "description": "One line of a file of reports.",
            "oneOf": [{"$ref": f"#/$defs/{name}"} for name in defined],
            "$defs": {**defined, **parts},
        }
    cls = types().get(type_name)
    if cls is None:
        near = " or ".join(f"`{name}`" for name in nearest_words(type_name, types()))
        raise UsageError(
            f"there is no type {type_name}", hint=f"did you mean {near}?" if near else "`archive schema` lists them"
        )
    parts = _parts(cls)
    return {"$schema": DRAFT, **_type(cls), **({"$defs": parts} if parts else {})}


def _type(cls: type) -> dict[str, Any]:
    said = _object(cls)
    name = {"const": cls.__name__, "description": "what happened"}
    return {**said, "properties": {"type": name, **said["properties"]}, "required": ["type", *said["required"]]}


def _object(cls: type) -> dict[str, Any]:
    known, said = form(cls), meanings(cls)
    required = [{"required": names} for names in _PASSAGE] if cls is Passage else []
    return {
        "title": cls.__name__,
        "description": promise(cls),
        "type": "object",
        "properties": {name: _field(field, said.get(name)) for name, field in known.fields.items()},
        **({"anyOf": required} if required else {"required": list(known.required)}),
        "additionalProperties": False,
    }


def _field(field: Field, meaning: str | None) -> dict[str, Any]:
    shape, kind = field.shape, field.kind
    schema: dict[str, Any] = {"type": "object"} if kind is None else dict(kind.schema)
    if kind is not None and shape.repeated:
        schema = {"type": "array", "items": schema}
        if shape.required:
            schema["minItems"] = 1
        if kind.named is not None:
            schema["uniqueItems"] = True
    if shape.optional:
        schema = {"anyOf": [schema, {"type": "null"}]}
    if meaning is not None:
        schema["description"] = meaning
    if isinstance(shape.default, (str, int)):
        schema["default"] = shape.default
    return schema


def _parts(cls: type) -> dict[str, Any]:
    """The schemas of the values with fields of their own, which `$ref` points to."""
    kinds = [field.shape.kind for field in form(cls).fields.values() if field.kind and "$ref" in field.kind.schema]
    return {kind.__name__: _object(kind) for kind in dict.fromkeys(kinds)}
