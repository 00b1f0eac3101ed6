"""The JSON Schemas of the front matter, at addresses that editors keep."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from search.schema import MEDIA_TYPE, Kind, make_schema
from web.services import Visit, VisitDep

router = APIRouter(include_in_schema=False)


class SchemaResponse(JSONResponse):
    """A JSON Schema."""

    media_type = MEDIA_TYPE


@router.get("/schema/practice.json")
def practice(visit: VisitDep) -> Response:
    """The fields of a practice."""
    return SchemaResponse(_schema("practice", visit))


@router.get("/schema/translation.json")
def translation(visit: VisitDep) -> Response:
    """The fields of a translation."""
    return SchemaResponse(_schema("translation", visit))


def _schema(kind: Kind, visit: Visit) -> dict[str, Any]:
    return make_schema(kind, visit.services.vocabulary, f"{visit.base}/schema/{kind}.json")
