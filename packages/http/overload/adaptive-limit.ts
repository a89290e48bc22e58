/** Who goes first when not everybody can: what changes something, what reads, what only crawls. */
export const priorities = ['write', 'read', 'bot'] as const
export type Priority = (typeof priorities)[number]

/** Why work was refused: nobody may wait any more, it waited too long, or the whole process is late. */
export type Refusal = 'full' | 'late' | 'busy'

/** Work that wants to begin; exactly one of `run` and `refuse` is called, unless it is abandoned before. */
export type Job = {
  priority: Priority
  run(): void
  refuse(reason: Refusal): void
  /** Set by `abandon`. */
  gone: boolean
  /** Milliseconds of the clock that `enter` and `expire` are given. */
  since: number
}

export type LimitOptions = {
  /** Milliseconds that work should take at most; when it takes longer, less is let in at once. */
  target: number
  /** Milliseconds that work may wait for its turn. */
  patience: number
  /** How many may wait. */
  waiting: number
  /** Bounds of the limit. */
  least: number
  most: number
  /** Where given: the limit goes below `least`, down to `fewest`, while work takes longer than `tolerable` milliseconds. */
  below?: { fewest: number; tolerable: number }
}

const windowMs = 100
const startAt = 64

/**
 * How much work may be under way at once, found by trying: while all places are taken and work is done in time there is
 * one place in ten more, and when it takes longer than `target` there is one in seven less (additive in time,
 * multiplicative in size, as TCP finds its window). What finds no place waits, in order within its priority, but never
 * longer than `patience`: an answer that comes too late helps nobody and costs what others need.
 */
export class AdaptiveLimit {
  limit: number
  inflight = 0
  private readonly queues: Record<Priority, Queue> = {
    write: new Queue(),
    read: new Queue(),
    bot: new Queue(),
  }
  private window = { began: 0, count: 0, sum: 0, full: false }

  constructor(private readonly options: LimitOptions) {
    this.limit = Math.min(Math.max(startAt, options.least), options.most)
  }

  get waiting(): number {
    return priorities.reduce((sum, priority) => sum + this.queues[priority].length, 0)
  }

  /** Begins the job now, or later, or refuses it. */
  enter(job: Job): void {
    if (this.inflight < this.placesFor(job.priority) && this.waiting === 0) {
      this.inflight++
      job.run()
      return
    }
    this.window.full = true
    if (this.waiting >= this.options.waiting) {
      const less = this.lessThan(job.priority)
      if (!less) {
        job.refuse('full')
        return
      }
      less.refuse('full')
    }
    this.queues[job.priority].push(job)
  }

  /**
   * Ends a job that ran; the place goes to the next.
   * @param elapsed milliseconds since it began to run
   * @param failed it was not done: nobody knows whether fewer at once would have been, so this alone takes no place below `least`
   */
  leave(elapsed: number, now: number, failed = false): void {
    this.inflight--
    const most = failed ? this.options.below?.tolerable : undefined
    this.learn(Math.min(elapsed, most ?? elapsed), now)
    this.fill()
  }

  /** Passes a waiting job by: nobody waits for its answer any more. */
  abandon(job: Job): void {
    job.gone = true
    this.queues[job.priority].gone++
  }

  /** Refuses what has waited too long. */
  expire(now: number): void {
    for (const priority of priorities) {
      const queue = this.queues[priority]
      for (let job = queue.first; job; job = queue.first) {
        if (now - job.since < this.options.patience) break
        queue.shift()
        job.refuse('late')
      }
    }
  }

  private fill(): void {
    for (const priority of priorities) {
      const queue = this.queues[priority]
      while (this.inflight < this.placesFor(priority)) {
        const job = queue.shift()
        if (!job) break
        this.inflight++
        job.run()
      }
    }
  }

  /** Crawlers never take more than half. */
  private placesFor(priority: Priority): number {
    return priority === 'bot' ? Math.ceil(this.limit / 2) : this.limit
  }

  /** The newest one waiting whose turn comes after that of `priority`: it gives up its place in the queue. */
  private lessThan(priority: Priority): Job | undefined {
    for (const lower of priorities.slice(priorities.indexOf(priority) + 1).reverse()) {
      const job = this.queues[lower].pop()
      if (job) return job
    }
    return undefined
  }

  private learn(elapsed: number, now: number): void {
    const { window } = this
    window.count++
    window.sum += elapsed
    if (now - window.began < windowMs || window.count < 8) return
    this.limit = this.next(window.sum / window.count, window.full)
    this.window = { began: now, count: 0, sum: 0, full: false }
  }

  /** @param took what work took in the last window @param full whether any of it found no place */
  private next(took: number, full: boolean): number {
    const { least, most, target, below } = this.options
    const { limit } = this
    if (below && took > below.tolerable) return Math.max(below.fewest, Math.floor(limit * 0.85))
    if (took > target && limit >= least) return Math.max(least, Math.floor(limit * 0.85))
    if (!full) return limit
    const more = Math.ceil(limit * 1.1)
    if (limit >= least) return Math.min(most, more)
    // In time after a moment's standstill: a tenth more each time would refuse for seconds what can be done.
    return Math.min(least, took > target ? more : limit * 2)
  }
}

/** First in, first out, without moving what stands behind; jobs that are gone are never seen. */
class Queue {
  gone = 0
  private jobs: Job[] = []
  private head = 0

  get length(): number {
    return this.jobs.length - this.head - this.gone
  }

  get first(): Job | undefined {
    while (this.jobs[this.head]?.gone) {
      this.head++
      this.gone--
    }
    return this.jobs[this.head]
  }

  push(job: Job): void {
    this.jobs.push(job)
  }

  /** Takes the one that came last. */
  pop(): Job | undefined {
    while (this.jobs.length > this.head) {
      const job = this.jobs.pop()
      if (!job?.gone) return job
      this.gone--
    }
    return undefined
  }

  /** Takes the one that came first. */
  shift(): Job | undefined {
    const job = this.first
    if (!job) return undefined
    this.head++
    if (this.head > 1024 && this.head * 2 > this.jobs.length) {
      this.jobs = this.jobs.slice(this.head)
      this.head = 0
    }
    return job
  }
}
