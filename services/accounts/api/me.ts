import { type Api, keysPath, roles } from '@colonnade/http'
import { z } from 'zod'
import { withoutHint } from '../cookies.ts'
import { smallPhoto } from '../pages/photo.tsx'
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

/** Who asks, and the keys by which tokens are checked. */
export function mountMe(api: Api, desk: () => Promise<Desk & { signer: Signer }>): void {
  api.endpoint(
    {
      method: 'get',
      path: '/api/me',
      operation: 'findMe',
      summary: 'Who is signed in',
      description: 'By the session’s cookie. Nobody is 204.',
      tag: 'Accounts',
      answers: {
        200: { description: 'The person', body: me },
        204: { description: 'Nobody is signed in' },
      },
    },
    async ({ request }) => {
      const { auth, db } = await desk()
      const found = await auth.api.getSession({ headers: request.headers })
      const person = found && (await findPerson(db.hot, found.user.id))
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
