import type { Database } from '@colonnade/db'
import { uuidv7 } from '@colonnade/http'
import { addLetter, type Letter, putOffLetter, removeLetter, takeLetter } from '../queries/mail.ts'

/** Brings a letter on its way; rejects when it could not. */
export type Carrier = { carry(letter: Letter): Promise<void> }

/** Between looks for letters that wait, when nobody wrote one. */
const everyMs = 15_000
const longest = 3600

export type Post = {
  /** Returns when the letter is kept: it is carried behind. */
  send(letter: Omit<Letter, 'id'>): Promise<void>
  /** Begins to carry what somebody else has queued. */
  wake(): void
  /** Carries all that is due. */
  carryAll(): Promise<void>
  close(): Promise<void>
}

/**
 * Letters lie in a table until they are carried, so that none is lost to a crash or to a mail server that is away: then
 * they are tried again after growing pauses. One that a crash leaves between carrying and noting so is carried twice.
 */
export function openPost(db: Database, carrier: Carrier, onError: (error: unknown) => void): Post {
  let closed = false
  let carrying: Promise<void> | undefined

  async function carryDue(): Promise<void> {
    for (;;) {
      const letter = closed ? undefined : await takeLetter(db.work)
      if (!letter) return
      try {
        await carrier.carry(letter)
        await removeLetter(db.work, letter.id)
      } catch (error) {
        onError(error)
        await putOffLetter(db.work, letter.id, Math.min(longest, 5 * 2 ** letter.tries))
      }
    }
  }

  async function carryAll(): Promise<void> {
    // What is written while letters are carried may come after the last look: one more is taken.
    await carrying
    carrying ??= carryDue().finally(() => {
      carrying = undefined
    })
    await carrying
  }

  const behind = () => void carryAll().catch(onError)
  const timer = setInterval(behind, everyMs)
  timer.unref()
  return {
    async send(letter) {
      await addLetter(db.hot, { ...letter, id: uuidv7() })
      behind()
    },
    wake: behind,
    carryAll,
    async close() {
      closed = true
      clearInterval(timer)
      await carrying?.catch(() => {})
    },
  }
}
