import { tell } from '@colonnade/events'
import { type Api, cacheHeaders, noContent, Problem, text } from '@colonnade/http'
import { z } from 'zod'
import type { Learning } from '../running.ts'
import { certificateTag } from './certificate.ts'
import { didPath } from './issuer.ts'
import type { Publisher } from './publish.ts'
import { findCertificate, setRevoked } from './queries.ts'
import { placeInLists } from './status-list.ts'

const tag = 'Certificates'
const byId = z.object({ id: z.uuid() })
const listTag = (list: number) => `certificate-list:${list}`
const unknown = () => new Problem(404, 'There is no certificate with this number.')

/** What verifiers read, and how a certificate is revoked. */
export function mountApi(api: Api, { db, nudge, access }: Learning, publisher: Publisher): void {
  api.endpoint(
    {
      method: 'get',
      path: '/credentials/:id',
      operation: 'findCredential',
      summary: 'A certificate as a signed credential',
      description:
        'An OpenBadgeCredential (Open Badges 3.0, Verifiable Credentials 2.0) with a proof by `eddsa-rdfc-2022`. ' +
        'Whether it was revoked is in the status list that it names, so it is here even then. 404 once its learner ' +
        'closed their account.',
      tag,
      params: byId,
      answers: { 200: { description: 'The credential', body: z.looseObject({ id: z.url() }) } },
    },
    async ({ params: { id } }) => {
      const found = await findCertificate(db.hot, id)
      if (!found || found.learner === null) throw unknown()
      const body = await publisher.credential({ ...found, learner: found.learner })
      return answerOpen(body, certificateTag(id))
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/credentials/status/:list',
      operation: 'findStatusList',
      summary: 'Which credentials are revoked',
      description: 'A signed BitstringStatusListCredential of 131,072 places.',
      tag,
      params: z.object({
        list: z
          .string()
          .regex(/^(0|[1-9]\d{0,4})$/)
          .transform(Number)
          .meta({ type: 'integer', minimum: 0, maximum: 99_999 }),
      }),
      answers: { 200: { description: 'The list', body: z.looseObject({ id: z.url() }) } },
    },
    async ({ params: { list } }) => {
      const body = list * 131_072 < 2 ** 31 ? await publisher.statusList(list) : undefined
      if (!body) throw new Problem(404, 'There is no such list yet.')
      return answerOpen(body, listTag(list))
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: didPath,
      operation: 'findIssuer',
      summary: 'Who signs credentials, and with which keys',
      description: 'The document behind the issuer’s `did:web` name.',
      tag,
      answers: { 200: { description: 'The document', body: z.looseObject({ id: z.string() }) } },
    },
    async () => answerOpen(await publisher.did(), 'certificate-keys'),
  )

  const change = async (id: string, reason: string | null) => {
    const found = await db.work.begin(async (tx) => {
      const certificate = await findCertificate(tx, id)
      if (!certificate) throw unknown()
      if (!(await setRevoked(tx, id, reason))) return undefined
      const { list } = placeInLists(certificate.statusNumber)
      const tags = [certificateTag(id), listTag(list)]
      for (const subject of tags)
        await tell(tx, 'learning', { type: 'certificate.changed', subject })
      return tags
    })
    if (found) nudge()
    return found
  }
  const who =
    'By the operator, or by an administrator. The page says so at once, and verifiers within a minute.'

  api.endpoint(
    {
      method: 'post',
      path: '/api/certificates/:id/revoke',
      operation: 'revokeCertificate',
      summary: 'Revoke a certificate',
      description: `${who} The reason is public: it stands on the certificate’s page.`,
      tag,
      params: byId,
      body: z.strictObject({ reason: text(500) }),
      answers: { 204: { description: 'Revoked' } },
      problems: [401, 403, 409],
    },
    async ({ request, params: { id }, body: { reason } }) => {
      await access.administrator(request)
      const changed = await change(id, reason)
      if (!changed)
        throw new Problem(409, 'It is revoked already. Restore it to give another reason.')
      return noContent(changed)
    },
  )

  api.endpoint(
    {
      method: 'post',
      path: '/api/certificates/:id/restore',
      operation: 'restoreCertificate',
      summary: 'Restore a revoked certificate',
      description: `${who} One that is not revoked stays as it is.`,
      tag,
      params: byId,
      answers: { 204: { description: 'It counts' } },
      problems: [401, 403],
    },
    async ({ request, params: { id } }) => {
      await access.administrator(request)
      return noContent((await change(id, null)) ?? [])
    },
  )
}

/** JSON for whoever asks from wherever: wallets and verifiers run in browsers too. */
const answerOpen = (body: string, tag: string) =>
  new Response(body, {
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'public, max-age=60',
      'Access-Control-Allow-Origin': '*',
      [cacheHeaders.tags]: tag,
    },
  })
