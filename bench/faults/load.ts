import { Agent, request } from 'node:http'

/** One request of the load. Times in milliseconds. */
export type Sample = {
  /** When it was meant to start, from the load's beginning. */
  at: number
  /** From then to the end of the answer. */
  ms: number
  /** The last answer's status; 0: none came. */
  status: number
  retryAfter?: string
  why?: string
}

/** A write under its key, and what acknowledged it. */
export type Write = Sample & { key: string; name: string; answer?: string; tries: number }

export type LoadPlan = {
  url: string
  /** Path of the page that is read. */
  page: string
  token: string
  /** Last name of everybody this load adds, so that they are found again. */
  mark: string
  /** Arrivals a second: nine of ten read the page, one writes. */
  rate: number
  /** The share of writes; a tenth unless told. */
  writes?: number
  /** Milliseconds that a client waits for an answer; 10,000 unless told. */
  patience?: number
  /** How often a client whose write was refused or lost asks again at once, under the same key. */
  storm?: number
}

type Answer = { status: number; text: string; retryAfter?: string; why?: string; reused?: boolean }

/**
 * People who come at a constant rate, whatever the server does: latency counts from the moment a request was meant to
 * start. As browsers do, a read is sent once more when the kept connection it went out on turns out to be dead.
 */
export class Load {
  readonly pages: Sample[] = []
  readonly writes: Write[] = []
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1024 })
  private readonly began = performance.now()
  private readonly under = new Set<Promise<void>>()
  private arrived = 0
  private readonly timer: NodeJS.Timeout

  constructor(private readonly plan: LoadPlan) {
    this.timer = setInterval(() => this.arrive(), 2)
  }

  /** Milliseconds since it began. */
  now(): number {
    return performance.now() - this.began
  }

  /** Nobody comes any more; resolves when everybody under way has an answer or gave up. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    await Promise.all(this.under)
    this.agent.destroy()
  }

  private arrive(): void {
    const every = Math.round(1 / (this.plan.writes ?? 0.1))
    for (; (this.arrived * 1000) / this.plan.rate <= this.now(); this.arrived++) {
      const at = (this.arrived * 1000) / this.plan.rate
      const one = this.arrived % every === every - 1 ? this.write(at) : this.read(at)
      this.under.add(one)
      one.finally(() => this.under.delete(one))
    }
  }

  private async read(at: number): Promise<void> {
    let answer = await this.ask('GET', this.plan.page)
    if (answer.status === 0 && answer.reused) answer = await this.askAnew(this.plan.page)
    const { text, status, why } = answer
    const whole = status !== 200 || text.includes('</html>')
    this.pages.push({
      at,
      ms: this.now() - at,
      status: whole ? status : 0,
      ...(why === undefined ? {} : { why }),
    })
  }

  private async write(at: number): Promise<void> {
    const { mark, storm = 0 } = this.plan
    const key = crypto.randomUUID()
    const write: Write = { at, ms: 0, status: 0, key, name: `n${key}`, tries: 0 }
    this.writes.push(write)
    const body = JSON.stringify({ firstName: write.name, lastName: mark })
    let dead = false
    do {
      write.tries++
      const agent = dead ? false : this.agent
      const answer = await this.ask('POST', '/api/instructors', key, body, agent)
      const { status, text, retryAfter, why, reused } = answer
      dead = status === 0 && reused === true
      write.status = status
      write.ms = this.now() - at
      if (retryAfter !== undefined) write.retryAfter = retryAfter
      if (why !== undefined) write.why = why
      if (status === 201) write.answer = text
    } while (write.answer === undefined && write.tries <= storm)
  }

  /** On a connection of its own: where one kept connection is dead, others are. */
  private askAnew(path: string): Promise<Answer> {
    return this.ask('GET', path, undefined, undefined, false)
  }

  private async ask(
    method: string,
    path: string,
    key?: string,
    body?: string,
    agent: Agent | false = this.agent,
  ): Promise<Answer> {
    const { url, token, patience = 10_000 } = this.plan
    const headers = key && {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    }
    return await new Promise((resolve) => {
      const asked = request(url + path, { method, agent, ...(headers && { headers }) })
      const late = setTimeout(() => asked.destroy(new Error('no answer in time')), patience)
      const give = (answer: Answer) => {
        clearTimeout(late)
        resolve({ ...answer, reused: asked.reusedSocket })
      }
      const fail = (error: Error) => give({ status: 0, text: '', why: error.message })
      asked.on('error', fail)
      asked.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        response.on('error', fail)
        response.on('end', () => {
          const retryAfter = response.headers['retry-after']
          give({
            status: response.statusCode ?? 0,
            text,
            ...(retryAfter === undefined ? {} : { retryAfter }),
          })
        })
      })
      asked.end(body)
    })
  }
}
