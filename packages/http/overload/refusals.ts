/** Of its time; a process that works less has time to say no to everybody at once. */
const busyFrom = 0.6
/** Refusals for each answer, while the process is busy: saying no costs about a third of an answer. */
const perAnswer = 0.15
/** A second, however little is answered. */
const fewest = 100
/** Milliseconds that a client waits for its refusal. */
const longestMs = 2000
/** Milliseconds after which what was answered before counts half. */
const halfLifeMs = 500

/**
 * Says no at a pace that leaves the time for answers. Who is refused asks again, at once where clients are careless, and
 * each refusal costs reading and answering: a process that refuses thousands of clients as fast as it can does nothing
 * else. So a busy one lets them wait for their refusals, which costs nothing, and never longer than two seconds.
 */
export class Refusals {
  private readonly held: { no: () => void; since: number }[] = []
  /** Refusals that may be said now. */
  private credit = Number.POSITIVE_INFINITY
  private answers = 0
  /** Answers a second, smoothed. */
  private rate = 0
  private looked = performance.now()

  get waiting(): number {
    return this.held.length
  }

  /** Calls `no` at once, or when its turn comes. */
  say(no: () => void, now = performance.now()): void {
    if (this.held.length > 0 || this.credit < 1) {
      this.held.push({ no, since: now })
      return
    }
    this.credit--
    no()
  }

  /** Something was answered. */
  answered(): void {
    this.answers++
  }

  /**
   * Called now and then: says what has its turn.
   * @param busy the share of its time, since the last call, that the process worked; 0 to 1
   */
  look(now: number, busy: number): void {
    const elapsed = now - this.looked
    if (elapsed <= 0) return
    this.looked = now
    const weight = 1 - 0.5 ** (elapsed / halfLifeMs)
    this.rate += ((this.answers * 1000) / elapsed - this.rate) * weight
    this.answers = 0
    const pace = Math.max(fewest, this.rate * perAnswer)
    this.credit = busy < busyFrom ? Number.POSITIVE_INFINITY : (pace * elapsed) / 1000
    let said = 0
    for (const { no, since } of this.held) {
      if (this.credit < 1 && now - since < longestMs) break
      this.credit = Math.max(0, this.credit - 1)
      said++
      no()
    }
    this.held.splice(0, said)
  }
}
