import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { context, DiagLogLevel, diag, propagation } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { Tracing } from './open-tracing.ts'
import { traceWith } from './tracing.ts'

/** How long the end of a process waits for the last spans to leave. */
const lastSpansMs = 2000
const complainEveryMs = 60_000

/**
 * Opens the export. Spans leave in batches behind the requests; when the collector is slow or away they queue up to
 * OTEL_BSP_MAX_QUEUE_SIZE and are dropped beyond. This file alone loads OpenTelemetry's SDK.
 */
export async function exportTraces(options: {
  env: Record<string, string | undefined>
  service: string
  onError(message: string): void
}): Promise<Tracing> {
  complainTo(options.onError)
  const resource = defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': options.service,
        'service.namespace': 'colonnade',
        'service.instance.id': randomUUID(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }))
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(await openExporter(options.env))],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  traceWith(provider.getTracer('colonnade'))
  return {
    async close() {
      traceWith(undefined)
      const ended = provider.shutdown().catch(() => {})
      await Promise.race([ended, delay(lastSpansMs, undefined, { ref: false })])
      context.disable()
      propagation.disable()
    },
  }
}

async function openExporter(env: Record<string, string | undefined>) {
  const protocol =
    env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf'
  switch (protocol) {
    case 'http/protobuf': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
      return new OTLPTraceExporter()
    }
    case 'http/json': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
      return new OTLPTraceExporter()
    }
    default:
      throw new Error(
        `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}: set http/protobuf (the default) or http/json, and an endpoint that speaks it.`,
      )
  }
}

/** A collector that is away would otherwise complain with every batch. */
function complainTo(onError: (message: string) => void): void {
  let last = Number.NEGATIVE_INFINITY
  const quiet = () => {}
  const complain = (message: string) => {
    if (performance.now() - last < complainEveryMs) return
    last = performance.now()
    onError(message)
  }
  diag.setLogger(
    { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}
