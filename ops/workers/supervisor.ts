import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Leave } from '@colonnade/http'
import type { Logger } from 'pino'
import { WorkersFailed } from '../mendable.ts'
import { findRoot } from '../root.ts'
import { drainMs } from '../until-ended.ts'
import { rescueUndelivered } from './hand-over.ts'
import { Line, type Question } from './line.ts'
import { type Plan, toSupervisor, toWorker } from './questions.ts'
import { type Reloaded, Reloads } from './reloads.ts'

/** A worker that ends sooner than this after it was ready counts as one that cannot start. */
const steadyMs = 5000
const longestPauseMs = 10_000
/** A worker that does not answer for so long does not answer people either. */
const silentMs = 15_000
/** `close-with-grace` allows 20 s for everything, and the database has to stop too. */
const leaveMs = 14_000
/** One of the places to be filled; workers come and go, places stay. */
type Place = { failures: number }

export type Member = {
  place: Place
  worker: Worker
  pid: number
  line: Line
  state: 'starting' | 'begun' | 'ready' | 'leaving'
  readySince?: number
  /** Resolves to where it listens; rejects with what keeps it from starting. */
  ready: Promise<string>
  gone: Promise<void>
}

/** Starts workers, and keeps so many of them running. */
export class Supervisor {
  private readonly members = new Set<Member>()
  private readonly ending = new AbortController()
  private started: Promise<unknown> = Promise.resolve()
  private readonly places: Place[]
  /** Of the release that was ready last: what takes the place of a worker that dies. */
  private program = ''
  private readonly reloads = new Reloads(() => this.replaceAll())
  private alive: NodeJS.Timeout | undefined
  /** How many workers were replaced because they ended. */
  replaced = 0

  constructor(
    private readonly options: {
      /** The program of a worker, as it is now. @throws when there is none */
      program(): string
      /** How long a worker may take until it is ready. */
      readyMs: number
      count: number
      plan(): Plan
      /** Says what this process answers to a new worker. */
      welcome(member: Member): void
      /** Called when workers came or went. */
      changed(): void
      log: Logger
    },
  ) {
    this.places = Array.from({ length: options.count }, () => ({ failures: 0 }))
  }

  /** Resolves to where they listen, when each is ready or has failed once; rejects when none is ready. */
  async start(): Promise<string> {
    // Evenly whatever the kernel does: docs/decisions/0012-one-supervisor.md.
    cluster.schedulingPolicy = cluster.SCHED_RR
    this.program = this.options.program()
    const first = this.places.map((place) => this.hire(place, this.program))
    const settled = Promise.allSettled(first.map(({ ready }) => ready))
    this.started = settled
    const outcomes = await settled
    const url = outcomes.find((one) => one.status === 'fulfilled')?.value
    if (url === undefined) {
      this.ending.abort()
      throw outcomes.find((one) => one.status === 'rejected')?.reason
    }
    this.alive = setInterval(() => this.lookAfter(), silentMs / 3)
    this.alive.unref()
    return url
  }

  /** Processes that take requests. */
  pids(): number[] {
    return [...this.members].flatMap(({ state, pid }) => (state === 'ready' ? [pid] : []))
  }

  /**
   * Asks every worker that has begun. One that goes away meanwhile is left out.
   * @throws when one that lives does not answer within `ms`, or failed
   */
  async askAll<Asked, Answer>(
    asked: Question<Asked, Answer>,
    body: Asked,
    ms: number,
    except?: Member,
  ): Promise<Answer[]> {
    const { answers, error } = await this.ask(asked, body, ms, except)
    if (error) throw error
    return answers
  }

  /** Asks every worker that has begun, and leaves out those that do not answer. */
  async askWilling<Asked, Answer>(
    asked: Question<Asked, Answer>,
    body: Asked,
    ms: number,
  ): Promise<Answer[]> {
    return (await this.ask(asked, body, ms)).answers
  }

  private async ask<Asked, Answer>(
    asked: Question<Asked, Answer>,
    body: Asked,
    ms: number,
    except?: Member,
  ): Promise<{ answers: Answer[]; error?: Error }> {
    const all = [...this.members].filter((one) => one !== except && one.state !== 'starting')
    const answers: Answer[] = []
    let failed: Error | undefined
    await Promise.all(
      all.map(async ({ line, worker }) => {
        try {
          answers.push(await line.ask(asked, body, ms))
        } catch (error) {
          if (worker.isConnected()) failed = error instanceof Error ? error : new Error('failed')
        }
      }),
    )
    return { answers, ...(failed ? { error: failed } : {}) }
  }

  /** Replaces every worker, one after the other: the new one is ready before the old one leaves, or the old one stays. */
  async reload(): Promise<Reloaded> {
    const done = await this.reloads.ask()
    this.options.changed()
    return done
  }

  /** How the last reload ended. */
  get lastReload(): Reloaded | undefined {
    return this.reloads.last
  }

  /** Lets every worker finish what is in flight, and waits until all are gone. */
  async close(leave: Leave = { drainMs: 0 }): Promise<void> {
    this.ending.abort()
    clearInterval(this.alive)
    await Promise.all([...this.members].map((member) => this.dismiss(member, leave)))
  }

  private async replaceAll(): Promise<void> {
    try {
      const program = this.options.program()
      for (const place of this.places) {
        if (this.ending.signal.aborted) throw new Error('The process is ending.')
        const old = this.at(place)
        await this.hire(place, program).ready
        this.program = program
        await Promise.all(old.map((one) => this.dismiss(one, { drainMs, replaced: true })))
      }
    } catch (err) {
      this.options.log.error({ err }, 'reload failed: the new worker did not start, the old stay')
      throw err
    }
    this.options.log.info('every worker was replaced')
  }

  private hire(place: Place, program: string): Member {
    // A release that was taken away must not be where its successor works.
    const cwd = findRoot(dirname(program))
    cluster.setupPrimary({ exec: program, args: [], cwd, serialization: 'json' })
    const worker = cluster.fork()
    rescueUndelivered(worker, () => this.anotherReady(worker))
    const line = new Line(worker)
    const gone = once(worker, 'exit').then(() => {})
    const ready = new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => worker.process.kill('SIGKILL'), this.options.readyMs)
      line.answer(toSupervisor.ready, async ({ url }) => {
        clearTimeout(late)
        member.state = 'ready'
        member.readySince = performance.now()
        resolve(url)
        this.options.changed()
        return null
      })
      line.answer(toSupervisor.failed, async ({ message, mendable }) => {
        reject(mendable ? new WorkersFailed(message) : new Error(message))
        return null
      })
      worker.once('exit', (code, signal) => {
        clearTimeout(late)
        reject(new WorkersFailed(`A worker ended before it was ready (${signal ?? code}).`))
      })
    })
    // Whoever waits for it hears; else the log does.
    ready.catch(() => {})
    const pid = worker.process.pid ?? 0
    const member: Member = { place, worker, pid, line, state: 'starting', ready, gone }
    line.answer(toSupervisor.begin, async () => {
      member.state = 'begun'
      return this.options.plan()
    })
    this.options.welcome(member)
    this.members.add(member)
    worker.once('exit', (code, signal) => void this.lose(member, String(signal ?? code)))
    // A signal that could not be sent, or a message: the end of the process tells all.
    worker.on('error', () => {})
    return member
  }

  /** A worker that nobody dismissed ended: its place is filled at once, or after a pause if that happens again and again. */
  private async lose(member: Member, how: string): Promise<void> {
    const { place, state, readySince } = member
    this.members.delete(member)
    this.options.changed()
    await this.started
    if (state === 'leaving' || this.ending.signal.aborted || this.at(place).length > 0) return
    const steady = readySince !== undefined && performance.now() - readySince > steadyMs
    place.failures = steady ? 0 : place.failures + 1
    const pause = place.failures < 2 ? 0 : Math.min(100 * 2 ** (place.failures - 1), longestPauseMs)
    const why = await member.ready.then(
      () => undefined,
      (error: Error) => error.message,
    )
    this.options.log.warn(
      { worker: member.pid, ended: how, ...(why ? { why } : {}), tries: place.failures },
      pause === 0
        ? 'a worker ended: another one starts at once'
        : `a worker ended: another one starts in ${pause / 1000} s`,
    )
    await delay(pause, undefined, { signal: this.ending.signal }).catch(() => {})
    if (this.ending.signal.aborted || this.at(place).length > 0) return
    this.replaced++
    this.hire(place, this.program)
  }

  /** While workers are replaced one after the other, two share a place for a moment. */
  private at(place: Place): Member[] {
    return [...this.members].filter((one) => one.place === place && one.state !== 'leaving')
  }

  private anotherReady(than: Worker): Worker | undefined {
    const fit = ({ worker, state }: Member) =>
      worker !== than && state === 'ready' && worker.isConnected()
    return [...this.members].find(fit)?.worker
  }

  private async dismiss(member: Member, leave: Leave): Promise<void> {
    const { state, worker, line } = member
    member.state = 'leaving'
    this.options.changed()
    // What has not said a word yet may not hear one either, and has nothing to finish.
    if (state === 'starting') worker.process.kill('SIGKILL')
    const late = setTimeout(() => worker.process.kill('SIGKILL'), leave.drainMs + leaveMs)
    line.ask(toWorker.leave, { replaced: false, ...leave }, leaveMs).catch(() => {})
    await member.gone
    clearTimeout(late)
  }

  private lookAfter(): void {
    for (const { state, line, worker, pid } of this.members) {
      if (state !== 'ready') continue
      line.ask(toWorker.alive, null, silentMs).catch(() => {
        if (!worker.isConnected()) return
        this.options.log.error({ worker: pid }, `a worker did not answer for ${silentMs / 1000} s`)
        worker.process.kill('SIGKILL')
      })
    }
  }
}
