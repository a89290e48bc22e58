export type Entry = {
  kind: 'counter' | 'gauge'
  help: string
  labels: readonly string[]
  /** How the figures of several processes on one machine become one; the sum unless told. */
  together?: 'max'
}

/**
 * What a process tells of itself beside its requests: every name, what it means and its labels. A name without
 * readings is exported all the same, so that dashboards and alert rules can be checked against any process.
 */
export const catalogue = {
  colonnade_fragment_failures_total: {
    kind: 'counter',
    help: 'Fragments that failed or came late.',
    labels: ['fragment'],
  },
  colonnade_breakers_open: {
    kind: 'gauge',
    help: '1 while a fragment is not asked because it failed too often, else 0.',
    labels: ['fragment'],
    together: 'max',
  },
  colonnade_cache_bytes: {
    kind: 'gauge',
    help: 'What a cache holds, in bytes.',
    labels: ['cache'],
  },
  colonnade_cache_entries: {
    kind: 'gauge',
    help: 'What a cache holds, in entries.',
    labels: ['cache'],
  },
  colonnade_cache_reads_total: {
    kind: 'counter',
    help: 'Reads of a cache: hit (fresh), stale (served, made again behind) or miss.',
    labels: ['cache', 'result'],
  },
  colonnade_shed_total: {
    kind: 'counter',
    help: 'Requests refused with 503 because there was more to do than could be done.',
    labels: ['priority', 'reason'],
  },
  colonnade_admitted_inflight: {
    kind: 'gauge',
    help: 'Admitted requests that are being answered.',
    labels: ['queue'],
  },
  colonnade_admission_limit: {
    kind: 'gauge',
    help: 'How many requests may be answered at once, as measured.',
    labels: ['queue'],
  },
  colonnade_admission_waiting: {
    kind: 'gauge',
    help: 'Requests that wait to be admitted.',
    labels: ['queue'],
  },
  colonnade_refusals_waiting: {
    kind: 'gauge',
    help: 'Requests refused whose answer waits, so that the time goes to those who are let in.',
    labels: [],
  },
  colonnade_rate_limited_total: {
    kind: 'counter',
    help: 'Requests refused with 429.',
    labels: ['policy'],
  },
  colonnade_pool_connections: {
    kind: 'gauge',
    help: 'Database connections by what they do, of all processes together; state max is what one process may open.',
    labels: ['service', 'pool', 'state'],
    together: 'max',
  },
  colonnade_redis_up: {
    kind: 'gauge',
    help: '1 while the Redis that caches share answers, else 0; nothing where there is none.',
    labels: [],
  },
  colonnade_redis_errors_total: {
    kind: 'counter',
    help: 'Questions to Redis that failed or were answered too late.',
    labels: [],
  },
  colonnade_upstream_ejected: {
    kind: 'gauge',
    help: 'Addresses of a service that are left out because they failed.',
    labels: ['service'],
    together: 'max',
  },
  colonnade_outbox_waiting: {
    kind: 'gauge',
    help: 'Events that have not reached everyone; 10000 stands for more.',
    labels: ['service'],
    together: 'max',
  },
  colonnade_relay_delivered_total: {
    kind: 'counter',
    help: 'Events that a subscriber has taken.',
    labels: ['service', 'subscriber'],
  },
} as const satisfies Record<string, Entry>

export type MetricName = keyof typeof catalogue

/** The labels of a metric, each with its value. */
export type Labels<Name extends MetricName> = Record<
  (typeof catalogue)[Name]['labels'][number],
  string
>

/** Figures of Node that are no sum either: the newest start, the worst delay. */
export const worstOf: readonly string[] = [
  'process_start_time_seconds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
]
