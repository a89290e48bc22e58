import type { MetricsJson } from '@colonnade/watch'
import { z } from 'zod'
import { faultKinds } from '../faults.ts'
import { question } from './line.ts'

const nothing = z.null()

/** What a worker is to run; its settings it reads itself. */
export const plan = z.object({
  data: z.string(),
  port: z.number(),
  secret: z.string(),
  apiToken: z.string(),
  /** Where each service's tables are. */
  databases: z.record(z.string(), z.string()),
  here: z.array(z.string()),
  proxy: z.boolean(),
  /** What the operator has broken: a new worker is no way out. */
  faults: z.record(z.string(), z.enum(faultKinds)),
})
export type Plan = z.infer<typeof plan>

/** A worker asks its supervisor. */
export const toSupervisor = {
  begin: question('begin', nothing, plan),
  /** It listens. */
  ready: question('ready', z.object({ url: z.string() }), nothing),
  /** It cannot, and ends. `mendable`: the message says what to do, and no stack is needed. */
  failed: question('failed', z.object({ message: z.string(), mendable: z.boolean() }), nothing),
  /** Its proxy has heard these events (the body of `POST /internal/events`): all others are to hear them too. */
  share: question(
    'share',
    z.string(),
    z.object({ failed: z.array(z.string()), taken: z.number() }),
  ),
  /** Prometheus text of all workers together. */
  sum: question('sum', nothing, z.string()),
}

/** The supervisor asks a worker. */
export const toWorker = {
  /** `taken` is false where there is no proxy yet, so nothing that could be out of date. */
  hear: question('hear', z.string(), z.object({ failed: z.array(z.string()), taken: z.boolean() })),
  break: question('break', z.object({ service: z.string(), fault: z.enum(faultKinds) }), nothing),
  mend: question('mend', z.object({ service: z.string().optional() }), nothing),
  forget: question('forget', z.string(), nothing),
  /** What it counts. */
  measure: question('measure', nothing, z.custom<MetricsJson>(Array.isArray)),
  alive: question('alive', nothing, nothing),
  /** It tells its clients to come back on another connection, finishes what is in flight, and ends. */
  leave: question('leave', z.object({ drainMs: z.number(), replaced: z.boolean() }), nothing),
}
