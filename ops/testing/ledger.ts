import { expect } from 'vitest'

type Write = { path: string; key: string; body: string; answer?: string }

/** Kinds of writes a ledger holds: how many of each, by path, and what is sent. */
export type Wanted = { path: string; count: number; make(mark: string): object }

const atATime = 16

/** Writes under idempotency keys, and what was acknowledged of them. */
export class Ledger {
  private readonly writes: Write[]

  constructor(
    private readonly url: () => string,
    private readonly token: string,
    /** In every body, so that what it wrote is found again. */
    readonly mark: string,
    wanted: readonly Wanted[],
  ) {
    this.writes = wanted.flatMap(({ path, count, make }) =>
      Array.from({ length: count }, (_, i) => ({
        path,
        key: crypto.randomUUID(),
        body: JSON.stringify(make(`${mark}-${i}`)),
      })),
    )
    // Kinds take turns, whatever dies amid them.
    this.writes.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  /** Sends every write until it is acknowledged; does `amid` when half of them are. */
  async fill(amid: () => Promise<void>): Promise<void> {
    let acknowledged = 0
    let fault: Promise<void> | undefined
    await this.each(async (write) => {
      write.answer = await this.send(write)
      acknowledged++
      if (acknowledged === Math.floor(this.writes.length / 2)) fault = amid()
    })
    await fault
  }

  /** Sends every write again: each is answered as before. */
  async replay(): Promise<void> {
    await this.each(async (write) => {
      expect(await this.send(write)).toBe(write.answer)
    })
  }

  private async each(work: (write: Write) => Promise<void>): Promise<void> {
    const waiting = this.writes.values()
    const one = async () => {
      for (const write of waiting) await work(write)
    }
    await Promise.all(Array.from({ length: atATime }, one))
  }

  /** @returns what acknowledged it; asks again while that is "not now", under the same key */
  private async send({ path, key, body }: Write): Promise<string> {
    for (const until = Date.now() + 120_000; ; ) {
      const response = await fetch(this.url() + path, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${this.token}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': key,
        },
        body,
        signal: AbortSignal.timeout(10_000),
      })
        .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
        .catch(() => undefined)
      if (response?.status === 201) return response.text
      // 409: the first one is still at work. Anything else but "away" is a wrong answer.
      expect([undefined, 409, 503]).toContain(response?.status)
      if (Date.now() > until) throw new Error(`${path} is not acknowledged.`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** Everything of a paged list. */
export async function readAll<T>(url: string): Promise<T[]> {
  const all: T[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const response: Response = await fetch(`${url}?limit=100${cursor && `&cursor=${cursor}`}`)
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    const page: { items: T[]; next: string | null } = await response.json()
    all.push(...page.items)
    cursor = page.next
  }
  return all
}
