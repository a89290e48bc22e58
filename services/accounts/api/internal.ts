import type { Database } from '@colonnade/db'
import { jsonBody, personTokenLife } from '@colonnade/http'
import type { Hono } from 'hono'
import { z } from 'zod'
import { makeAdminLink } from '../admin-links.ts'
import type { Desk } from '../pages/visit.ts'
import { countAdministrators } from '../queries/accounts.ts'
import { findSession } from '../sessions.ts'
import type { Signer } from '../tokens.ts'

const asked = z.object({ session: z.string().max(500) })

/** What the proxy and the operator's command ask; mount after `mountInternals`, which checks that they may. */
export function mountInternal(
  app: Hono,
  db: Database,
  desk: () => Promise<Desk & { signer: Signer }>,
): void {
  app.post('/internal/exchange', async (c) => {
    const { session } = asked.parse(await jsonBody(c.req.raw, 4096))
    const { auth, signer } = await desk()
    const { secret } = await auth.$context
    // Asking does not lengthen a session: its owner's own visits do that, and get the cookie for it.
    const person = await findSession(db.hot, secret, session)
    if (!person) return c.json({ token: null, seconds: 10 })
    const token = await signer.sign(person)
    return c.json({ token, seconds: personTokenLife })
  })

  app.post('/internal/admin-link', async (c) => c.json({ path: await makeAdminLink(db.work) }))

  app.get('/internal/administrators', async (c) =>
    c.json({ count: await countAdministrators(db.work) }),
  )
}
