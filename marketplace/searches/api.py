"""POST /api/v1/searches/: up to 1,000 searches in a request, each with its own answer."""

import zlib
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import msgspec
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.imports.reading import as_text
from marketplace.imports.rows import Invalid, Row, Verdict
from marketplace.problems import Problem
from marketplace.searches.authentication import HasApiKey
from marketplace.searches.intake import take_in
from marketplace.searches.models import ApiKey

# What one transaction stores without keeping anybody waiting.
MOST_ROWS = 1_000
MOST_BYTES = 1 << 20
MOST_BYTES_UNZIPPED = 5 << 20
# Older events would change snapshots already published; files can still bring them.
OLDEST = timedelta(days=35)


class Envelope(msgspec.Struct):
    """{"searches": [...]}, each row left raw: one bad row must not spoil the rest."""

    searches: list[msgspec.Raw]


class SearchesParser(BaseParser):
    """JSON, plain or gzipped, bounded in size before and after unzipping."""

    media_type = "application/json"

    def parse(  # type: ignore[override]
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> list[msgspec.Raw]:
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise Problem(413, f"The body is larger than {MOST_BYTES:,} bytes; send fewer rows.")
        encoding = (parser_context or {})["request"].headers.get("Content-Encoding", "")
        if encoding:
            body = _unzipped(body, encoding)
        try:
            envelope = msgspec.json.decode(body, type=Envelope)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise Problem(400, f'Expected {{"searches": [...]}}: {problem}') from None
        if len(envelope.searches) > MOST_ROWS:
            raise Problem(413, f"{len(envelope.searches):,} rows; send at most {MOST_ROWS:,}.")
        return envelope.searches


def _unzipped(body: bytes, encoding: str) -> bytes:
    if encoding.lower() != "gzip":
        raise Problem(415, f"Content-Encoding {encoding!r} is not understood; use gzip or none.")
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(body, MOST_BYTES_UNZIPPED)
    except zlib.error:
        raise Problem(400, "The body is not valid gzip.") from None
    if unzip.unconsumed_tail:
        raise Problem(413, f"The body unzips to more than {MOST_BYTES_UNZIPPED:,} bytes.")
    if not unzip.eof:
        raise Problem(400, "The gzip body is cut short.")
    return plain


class SearchRowSerializer(serializers.Serializer[Any]):
    event_id = serializers.CharField(max_length=64, help_text="unique in its source and day")
    occurred_at = serializers.DateTimeField(help_text="ISO 8601 with offset, 35 days back at most")
    query = serializers.CharField(max_length=200)
    searcher = serializers.CharField(help_text="your user id; stored only as a keyed pseudonym")
    country = serializers.CharField(required=False, help_text="ISO 3166-1 alpha-2, or empty")
    role = serializers.ChoiceField(
        ["buyer", "seller", "staff", "bot"], required=False, help_text="who searched, if known"
    )
    results = serializers.IntegerField(required=False, help_text="results shown, if known")


class SearchesSerializer(serializers.Serializer[Any]):
    searches = SearchRowSerializer(many=True)


class VerdictSerializer(serializers.Serializer[Any]):
    event_id = serializers.CharField()
    status = serializers.ChoiceField(["ok", "duplicate", "conflict", "rejected"])
    field = serializers.CharField(required=False)
    reason = serializers.CharField(required=False)


class ReceiptSerializer(serializers.Serializer[Any]):
    received = serializers.IntegerField()
    accepted = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    rejected = serializers.IntegerField()
    results = VerdictSerializer(many=True)


class SearchesView(APIView):
    """Send searches. `ok` means committed; sending a row again is harmless."""

    parser_classes = [SearchesParser]
    permission_classes = [HasApiKey]

    @extend_schema(request=SearchesSerializer, responses=ReceiptSerializer)
    def post(self, request: Request) -> Response:
        assert isinstance(request.auth, ApiKey)
        if not isinstance(request.data, list):
            # An empty body reaches no parser.
            raise Problem(400, 'Expected {"searches": [...]}: the body is empty.')
        rows = [_row(number, raw) for number, raw in enumerate(request.data, 1)]
        now = timezone.now()
        receipt = take_in(rows, source=request.auth.source, now=now, oldest=now - OLDEST)
        results = [
            _answer(row, verdict) for row, verdict in zip(rows, receipt.verdicts, strict=True)
        ]
        return Response({**asdict(receipt.tally), "results": results})


def _row(number: int, raw: msgspec.Raw) -> Row:
    try:
        fields = msgspec.json.decode(raw, type=dict[str, str | int | float | bool | None])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return Row(number, Invalid("", f"is not an object of plain values: {problem}"))
    return Row(number, as_text(fields))


def _answer(row: Row, verdict: Verdict) -> dict[str, str]:
    event_id = "" if isinstance(row.fields, Invalid) else row.fields.get("event_id", "")
    answer = {"event_id": event_id, "status": str(verdict.status)}
    if verdict.reason:
        answer |= {"field": verdict.field, "reason": verdict.reason}
    return answer
