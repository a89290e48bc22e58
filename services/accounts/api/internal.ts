import type { Database } from '@colonnade/db'
import { jsonBody, Problem, personTokenLife } from '@colonnade/http'
import type { Hono } from 'hono'
import { z } from 'zod'
import { makeAdminLink } from '../admin-links.ts'
import { notice } from '../contract.ts'
import { digestOf } from '../digest.ts'
import { sendNotice } from '../mail/notices.ts'
import type { Desk } from '../pages/visit.ts'
import { countAdministrators, findPerson } from '../queries/accounts.ts'
import { useApiToken } from '../queries/api-tokens.ts'
import { listAddressees } from '../queries/notices.ts'
import type { Signer } from '../tokens.ts'

const asked = z.object({ session: z.string().max(500) })
const askedWith = z.object({ token: z.string().max(500) })
/** How long an answer holds that a session or a token is none; seconds. */
const noneFor = 10
const idList = z
  .string()
  .transform((ids) => (ids === '' ? [] : ids.split(',')))
  .pipe(z.array(z.uuid()).max(500))

/** What the proxy and the operator's command ask; mount after `mountInternals`, which checks that they may. */
export function mountInternal(
  app: Hono,
  db: Database,
  desk: () => Promise<Desk & { signer: Signer }>,
): void {
  app.post('/internal/exchange', async (c) => {
    const { session } = asked.parse(await jsonBody(c.req.raw, 4096))
    const { auth, signer } = await desk()
    const { sessionToken } = (await auth.$context).authCookies
    const headers = new Headers({ Cookie: `${sessionToken.name}=${session}` })
    // Asking must not lengthen a session: its owner's own visits do that, and get the cookie for it.
    const found = await auth.api.getSession({ headers, query: { disableRefresh: true } })
    const person = found && (await findPerson(db.hot, found.user.id))
    if (!person) return c.json({ token: null, seconds: noneFor })
    const { id, roles } = person
    const token = await signer.sign({ id, roles, session: found.session.id })
    return c.json({ token, seconds: personTokenLife })
  })

  app.post('/internal/exchange-token', async (c) => {
    const { token } = askedWith.parse(await jsonBody(c.req.raw, 4096))
    const found = await useApiToken(db.hot, digestOf(token))
    if (!found) return c.json({ token: null, seconds: noneFor })
    const { id: session, person: id, roles, scopes } = found
    const { signer } = await desk()
    const signed = await signer.sign({ id, roles, session, scopes })
    return c.json({ token: signed, seconds: personTokenLife })
  })

  app.get('/internal/people', async (c) => {
    const ids = idList.safeParse(c.req.query('ids') ?? '')
    if (!ids.success)
      throw new Problem(422, 'Send ids=…, at most 500 of them, with commas between.')
    return c.json(await listAddressees(db.hot, ids.data))
  })

  app.post('/internal/mails', async (c) => {
    const mail = notice.safeParse(await jsonBody(c.req.raw, 128 * 1024))
    if (!mail.success) throw new Problem(422, z.prettifyError(mail.error))
    const { settings, unsubscribe, post } = await desk()
    const state = await sendNotice(mail.data, { sql: db.hot, settings, unsubscribe })
    if (state === 'queued') post.wake()
    return c.json({ state })
  })

  app.post('/internal/admin-link', async (c) => c.json({ path: await makeAdminLink(db.work) }))

  app.get('/internal/administrators', async (c) =>
    c.json({ count: await countAdministrators(db.work) }),
  )
}
