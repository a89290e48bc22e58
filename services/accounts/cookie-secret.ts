import { randomBytes } from 'node:crypto'
import type { Database } from '@colonnade/db'
import { z } from 'zod'
import { keepSecret } from './queries/accounts.ts'

/** Signs cookies and the links in mails: made at the first start, the same for every process. */
export async function keepCookieSecret({ work }: Database): Promise<string> {
  const fresh = { secret: randomBytes(32).toString('base64url') }
  return z.object({ secret: z.string() }).parse(await keepSecret(work, 'cookies', fresh)).secret
}
