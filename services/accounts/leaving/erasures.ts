import type { Database } from '@colonnade/db'
import { uuidv7 } from '@colonnade/http'
import { defaultLanguage, findLanguage, localPath, translator } from '@colonnade/ui'
import type { MailFolder } from '../mail/folder.ts'
import type { Post } from '../mail/post.ts'
import {
  type DuePart,
  findReceipt,
  findUntold,
  notePart,
  putOffPart,
  takePart,
  tellReceipt,
} from '../queries/erasures.ts'
import type { AccountsSettings } from '../settings.ts'
import type { Keepers } from './keepers.ts'
import { receiptText } from './receipt.ts'

const everyMs = 15_000
/** Between the two rounds: longer than any token of the person lives, clocks that differ included. */
const sweepSeconds = 180
const longest = 3600

/** Brings it to every service that somebody is to be forgotten. */
export type Erasures = {
  /** Asks all that are due: of one erasure, or of all; and writes the receipts of those that everyone has answered. */
  carry(erasure?: string): Promise<void>
  close(): Promise<void>
}

/**
 * What services are asked lies in a table until they have answered, so that none is left out because it was away. Each is
 * asked at least once, and a second time minutes later, for what came in with a token that still lived. One that fails is
 * asked again after growing pauses.
 */
export function openErasures(options: {
  db: Database
  keepers: Keepers
  settings: AccountsSettings
  folder: MailFolder
  post: Pick<Post, 'wake'>
  onError(error: unknown, service: string): void
}): Erasures {
  const { db, keepers, settings, folder, post, onError } = options
  let closed = false
  let carrying: Promise<void> | undefined

  async function ask(part: DuePart): Promise<void> {
    const { erasure, person, language, service, rounds } = part
    try {
      const keeper = keepers.get(service)
      if (!keeper) throw new Error(`there is no service ${service} that keeps something of people`)
      const done = await keeper.erasePerson(person, { language, key: `${erasure} ${rounds}` })
      await notePart(db.work, part, done, sweepSeconds)
    } catch (error) {
      onError(error, service)
      await putOffPart(db.work, part, Math.min(longest, 5 * 2 ** Math.min(part.tries, 10)))
    }
  }

  async function tell(): Promise<void> {
    for (;;) {
      const untold = await findUntold(db.work)
      const receipt = untold && (await findReceipt(db.work, untold.id))
      if (!untold || !receipt) return
      // What was written to them goes before the receipt, which is the last.
      await folder.removeTo(untold.email)
      const lang = findLanguage(untold.language) ?? defaultLanguage
      const t = translator(lang)
      const link = settings.url + localPath(lang, `/account/erased?receipt=${untold.id}`)
      const site = settings.siteName
      await tellReceipt(db.work, untold.id, {
        id: uuidv7(),
        subject: t.t('erase.mail.subject', { site }),
        body: t.t('erase.mail.body', { site, link, receipt: receiptText(receipt, t) }),
      })
      post.wake()
    }
  }

  async function carryDue(erasure: string | null): Promise<void> {
    const parts: Promise<void>[] = []
    for (;;) {
      const part = closed ? undefined : await takePart(db.work, erasure)
      if (!part) break
      parts.push(ask(part))
    }
    await Promise.all(parts)
    if (!closed) await tell()
  }

  const timer = setInterval(() => {
    carrying ??= carryDue(null)
      .catch((error: unknown) => onError(error, 'accounts'))
      .finally(() => {
        carrying = undefined
      })
  }, everyMs)
  timer.unref()
  return {
    carry: async (erasure) => await carryDue(erasure ?? null),
    async close() {
      closed = true
      clearInterval(timer)
      await carrying
    },
  }
}
