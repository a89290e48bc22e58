import { z } from 'zod'

/** Something one process may ask another: what goes there, and what comes back. */
export type Question<Asked, Answer> = {
  name: string
  asked: z.ZodType<Asked>
  answer: z.ZodType<Answer>
}

export function question<Asked, Answer>(
  name: string,
  asked: z.ZodType<Asked>,
  answer: z.ZodType<Answer>,
): Question<Asked, Answer> {
  return { name, asked, answer }
}

/** One end of the channel between two processes; a worker of node:cluster is one, on both sides. */
export type End = {
  send(message: object, done: (error: Error | null) => void): boolean
  on(event: 'message', hear: (message: unknown) => void): unknown
  once(event: 'disconnect', ended: () => void): unknown
}

const message = z.union([
  z.object({ ask: z.string(), id: z.number(), body: z.unknown() }),
  z.object({ reply: z.number(), body: z.unknown(), error: z.string().optional() }),
])

type Waiting = { resolve(body: unknown): void; reject(error: Error): void }

/** Questions and answers between two processes, each read by its schema where it arrives. */
export class Line {
  private readonly waiting = new Map<number, Waiting>()
  private readonly answers = new Map<string, (body: unknown) => Promise<unknown>>()
  private last = 0

  constructor(private readonly end: End) {
    end.on('message', (received) => {
      const read = message.safeParse(received)
      // Libraries may use the channel too.
      if (read.success) this.take(read.data)
    })
    end.once('disconnect', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('The process is gone.'))
      this.waiting.clear()
    })
  }

  /** @param ms how long to wait for the answer @throws when none came, or the other side failed */
  async ask<Asked, Answer>(
    { name, answer }: Question<Asked, Answer>,
    body: Asked,
    ms: number,
  ): Promise<Answer> {
    const id = ++this.last
    let timer: NodeJS.Timeout | undefined
    try {
      const given = await new Promise<unknown>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject })
        timer = setTimeout(() => reject(new Error(`${name}: no answer within ${ms} ms`)), ms)
        this.send({ ask: name, id, body }, reject)
      })
      return answer.parse(given)
    } finally {
      clearTimeout(timer)
      this.waiting.delete(id)
    }
  }

  /** Says how a question is answered here. */
  answer<Asked, Answer>(
    { name, asked }: Question<Asked, Answer>,
    give: (body: Asked) => Promise<Answer>,
  ): void {
    this.answers.set(name, async (body) => await give(asked.parse(body)))
  }

  private take(received: z.infer<typeof message>): void {
    if ('ask' in received) {
      void this.reply(received.id, received.ask, received.body)
      return
    }
    const waiting = this.waiting.get(received.reply)
    if (received.error === undefined) waiting?.resolve(received.body)
    else waiting?.reject(new Error(received.error))
  }

  private async reply(id: number, name: string, asked: unknown): Promise<void> {
    const give = this.answers.get(name)
    // Whoever asked may be gone by now; its other questions are void too.
    const ignore = () => {}
    try {
      if (!give) throw new Error(`${name} is not answered here`)
      this.send({ reply: id, body: (await give(asked)) ?? null }, ignore)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      this.send({ reply: id, body: null, error: text }, ignore)
    }
  }

  private send(sent: object, failed: (error: Error) => void): void {
    this.end.send(sent, (error) => {
      if (error) failed(error)
    })
  }
}
