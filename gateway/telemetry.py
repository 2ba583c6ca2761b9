"""Traces for operators: sampled, with attributes from an allow-list and nothing personal."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Tracer

from gateway.exchange import Exchange

_tracers: list[Tracer] = []


@contextmanager
def tracing(ratio: float, file: Path | None) -> Iterator[None]:
    """Trace this share of requests to a file of JSON spans; 0 or no file means no tracing."""
    if not ratio or file is None:
        yield
        return
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(ratio)),
        resource=Resource.create({"service.name": "mappa-gateway"}),
    )
    with file.open("a", encoding="utf-8") as out:
        provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(out=out)))
        _tracers.append(provider.get_tracer("gateway"))
        try:
            yield
        finally:
            _tracers.clear()
            provider.shutdown()


_NOT_TRACED = nullcontext(lambda _status: None)


def span(exchange: Exchange) -> AbstractContextManager[Callable[[int], None]]:
    """A span around one exchange; the yielded function notes its status."""
    return _span(exchange) if _tracers else _NOT_TRACED


@contextmanager
def _span(exchange: Exchange) -> Iterator[Callable[[int], None]]:
    declaration = exchange.declaration
    with _tracers[0].start_as_current_span("exchange", record_exception=False) as current:
        current.set_attribute("gateway.kind", declaration.kind)
        current.set_attribute("gateway.action", str(declaration.action or "public"))
        current.set_attribute("gateway.audit_entry", exchange.entry_id)
        yield lambda status: current.set_attribute("http.response.status_code", status)
