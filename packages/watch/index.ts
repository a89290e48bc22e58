export { SpanKind } from '@opentelemetry/api'
export { catalogue } from './catalogue.ts'
export {
  aggregate,
  createMetrics,
  type Metrics,
  type MetricsJson,
  metricsContentType,
} from './metrics.ts'
export { openTracing, type Tracing } from './open-tracing.ts'
export type { RouteTally } from './tally.ts'
export {
  asking,
  bound,
  detached,
  isTracing,
  nameRequest,
  noteSpan,
  serving,
  servingRequest,
  spanned,
} from './tracing.ts'
