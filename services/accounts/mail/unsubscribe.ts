import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { type MailKind, mailKinds } from '../contract.ts'

const token = z.tuple([z.uuid(), z.enum(mailKinds), z.string()])

/** What a mail's link says: who does not want mails of which kind. */
export type Unsubscribing = { person: string; kind: MailKind }

/** Links that refuse mails without signing in. They hold for ever, as mails do, so nothing of them is kept. */
export type Unsubscribe = {
  path(who: Unsubscribing): string
  /** Undefined for a token that we did not make. */
  read(token: string): Unsubscribing | undefined
}

/** @param secret signs them */
export function openUnsubscribe(secret: string): Unsubscribe {
  const sign = (person: string, kind: MailKind) =>
    createHmac('sha256', secret).update(`unsubscribe ${person} ${kind}`).digest('base64url')
  return {
    path: ({ person, kind }) => `/unsubscribe?token=${person}.${kind}.${sign(person, kind)}`,
    read(given) {
      const parts = token.safeParse(given.split('.'))
      if (!parts.success) return undefined
      const [person, kind, signature] = parts.data
      const expected = Buffer.from(sign(person, kind))
      const found = Buffer.from(signature)
      const isOurs = found.length === expected.length && timingSafeEqual(found, expected)
      return isOurs ? { person, kind } : undefined
    },
  }
}
