import {
  type Api,
  apiTokenOf,
  keysPath,
  type People,
  personHeader,
  roles,
  type Scope,
} from '@colonnade/http'
import { z } from 'zod'
import { withoutHint } from '../cookies.ts'
import { smallPhoto } from '../pages/portrait.tsx'
import type { Desk } from '../pages/visit.ts'
import { findPerson } from '../queries/accounts.ts'
import type { Signer } from '../tokens.ts'

const me = z.object({
  id: z.uuid(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  photo: z.string().nullable().meta({ description: 'Address of a small picture of them.' }),
})
const keys = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) })

/** What an API token needs to be told whose it is. */
export const reading: Scope = { name: 'account:read', role: 'learner' }

/** Who asks, and the keys by which tokens are checked. */
export function mountMe(
  api: Api,
  people: People,
  desk: () => Promise<Desk & { signer: Signer }>,
): void {
  /** The id of who is signed in, or whose program asks. */
  async function idOf(request: Request): Promise<string | undefined> {
    const { headers } = request
    if (headers.has(personHeader) || apiTokenOf(headers.get('authorization'))) {
      return (await people.may(request, reading, 'token')).id
    }
    const { auth } = await desk()
    return (await auth.api.getSession({ headers }))?.user.id
  }

  api.endpoint(
    {
      method: 'get',
      path: '/api/me',
      operation: 'findMe',
      summary: 'Who is signed in',
      description:
        'By the session’s cookie, or by an API token with the scope account:read. Nobody is 204.',
      tag: 'Accounts',
      answers: {
        200: { description: 'The person', body: me },
        204: { description: 'Nobody is signed in' },
      },
      problems: [401, 403],
    },
    async ({ request }) => {
      const { db } = await desk()
      const asking = await idOf(request)
      const person = asking && (await findPerson(db.hot, asking))
      if (!person) {
        const headers = withoutHint()
        headers.set('Cache-Control', 'no-store')
        return new Response(null, { status: 204, headers })
      }
      const { id, name, roles } = person
      const photo = person.photo && smallPhoto(person.photo)
      return Response.json({ id, name, roles, photo }, { headers: { 'Cache-Control': 'no-store' } })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: keysPath,
      operation: 'listPublicKeys',
      summary: 'Public keys of this installation',
      description:
        'A JSON Web Key Set (RFC 7517): what the tokens between its services are signed with.',
      tag: 'Accounts',
      answers: { 200: { description: 'The keys', body: keys } },
    },
    async () => {
      const { signer } = await desk()
      return Response.json(signer.keys, { headers: { 'Cache-Control': 'public, max-age=60' } })
    },
  )
}
