import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { readHeader } from './read-header.ts'

/** Of this process alone, so that a number behind it makes an id that nobody else gives. */
const process = randomBytes(9).toString('base64url')
let count = 0

/** An id that log lines and answers share; a random one each would cost a cached page more than its lookup. */
export const newRequestId = (): string => `${process}-${(count++).toString(36)}`

/** A request's id: one from in front of us is kept, when it looks like one. */
export const requestIdOf = (req: IncomingMessage): string =>
  validId(readHeader(req, 'x-request-id')) ?? newRequestId()

export const validId = (id: string | null | undefined) =>
  id && /^[A-Za-z0-9._-]{8,64}$/.test(id) ? id : undefined
