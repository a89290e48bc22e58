import {
  cacheHeaders,
  createTrust,
  personalDataClient,
  personHeader,
  uuidv7,
} from '@colonnade/http'
import { getDocumentProxy } from 'unpdf'
import { beforeAll, expect, test } from 'vitest'
import { type Certified, openCertified } from './fixture.ts'
import { issueCertificate } from './issue.ts'

let service: Certified
beforeAll(async () => {
  service = await openCertified()
})

const changed = (answer: Response) => answer.headers.get(cacheHeaders.changed)

test('the page says what is on record, in both languages', async () => {
  const { id } = await service.earn('Ελένη Παπαδοπούλου')
  const answer = await service.page(id)
  const html = await answer.text()
  expect(html).toContain('Ελένη Παπαδοπούλου')
  expect(html).toContain('How columns stand')
  expect(html).toContain('offered by Hill School and Museum')
  expect(html).toContain('1 h 45 min')
  expect(html).toContain('data-state="valid"')
  expect(html).toContain(`https://learn.example.org/certificates/${id}`)
  expect(html).toContain(`/certificates/${id}/certificate.pdf?lang=en`)
  const meta = JSON.parse(
    Buffer.from(answer.headers.get('colonnade-meta') ?? '', 'base64url').toString(),
  )
  expect(meta).toMatchObject({
    title: 'How columns stand: certificate of Ελένη Παπαδοπούλου',
    canonical: `/certificates/${id}`,
    noindex: true,
  })
  expect(await (await service.page(id, 'es')).text()).toContain('ha completado el curso')
})

test('the learner is written to, once', async () => {
  const { id, person } = await service.earn('Ada Example')
  const own = () => service.peers.mails.filter((one) => JSON.stringify(one).includes(id))
  await expect.poll(() => own().length).toBe(1)
  expect(own()).toMatchObject([
    {
      ...{ person, kind: 'certificate', key: `learning:certificate:${id}` },
      subject: 'Your certificate: How columns stand',
      text: expect.stringContaining(`https://learn.example.org/certificates/${id}\n`),
    },
  ])
})

test('a number that is none is 404', async () => {
  expect((await service.page('1')).status).toBe(404)
  expect((await service.page(uuidv7())).status).toBe(404)
  expect((await service.get(`/certificates/${uuidv7()}/certificate.pdf`)).status).toBe(404)
})

test('an enrolment has one certificate, whoever issues it at the same time', async () => {
  const { id } = await service.earn('Ada Example')
  const [row] = await service.db.work<{ enrolment: string; person: string }[]>`
    select enrolment, person from learning.certificate where id = ${id}`
  if (!row) throw new Error('no certificate')
  const earned = {
    ...row,
    learner: 'Another Name',
    course: { id: 1, slug: 'x', title: 'X', language: 'en' },
    ...{ organisations: [], modules: [], grade: { share: 1, threshold: null } },
  }
  const again = await Promise.all(
    Array.from({ length: 8 }, () => issueCertificate(service.db.work, earned)),
  )
  expect(new Set(again)).toEqual(new Set([id]))
  const fresh = { ...earned, enrolment: uuidv7() }
  const raced = await Promise.all(
    Array.from({ length: 8 }, () => issueCertificate(service.db.work, fresh)),
  )
  expect(new Set(raced).size).toBe(1)
})

test('with accounts away nobody can say the name: the certificate comes when they are back', async () => {
  service.peers.away.add('accounts')
  const late = service.earn('Ada Example')
  const tried = async () => {
    const [row] = await service.db.work<{ tries: number }[]>`
      select tries from learning.certificate_due where tries > 0`
    return row !== undefined
  }
  await expect.poll(tried, { timeout: 10_000 }).toBe(true)
  service.peers.away.delete('accounts')
  expect(await late).toMatchObject({ id: expect.any(String) })
  expect(await tried()).toBe(false)
})

test('the operator and administrators revoke and restore, nobody else', async () => {
  const { id } = await service.earn('Ada Example')
  const path = `/api/certificates/${id}`
  const reason = 'Issued by mistake <b>.'
  expect((await service.get(`${path}/revoke`, { method: 'POST' })).status).toBe(415)
  const [learner, instructor, administrator] = await Promise.all([
    service.person('learner'),
    service.person('learner', 'instructor'),
    service.person('learner', 'administrator'),
  ])
  expect((await learner.ask('POST', `${path}/revoke`, { reason })).status).toBe(403)
  expect((await instructor.ask('POST', `${path}/revoke`, { reason })).status).toBe(403)
  expect((await instructor.ask('POST', `${path}/restore`)).status).toBe(403)
  const nobody = await service.get(`${path}/restore`, {
    method: 'POST',
    headers: { Authorization: await createTrust('another').header(), [personHeader]: 'x' },
  })
  expect(nobody.status).toBe(401)
  expect((await administrator.ask('POST', `${path}/revoke`, { reason: ' ' })).status).toBe(422)
  const done = await administrator.ask('POST', `${path}/revoke`, { reason })
  expect(done.status).toBe(204)
  expect(changed(done)).toMatch(new RegExp(`^certificate:${id}, certificate-list:0$`))
  expect((await administrator.ask('POST', `${path}/revoke`, { reason })).status).toBe(409)
  const html = await (await service.page(id)).text()
  expect(html).toContain('data-state="revoked"')
  expect(html).toContain('Issued by mistake &lt;b&gt;.')
  expect(html).not.toContain('certificate.pdf')
  const pdf = await service.get(`${path.slice('/api'.length)}/certificate.pdf`)
  expect([pdf.status, pdf.headers.get('location')]).toEqual([303, `/certificates/${id}`])
  expect((await service.operator('POST', `${path}/restore`)).status).toBe(204)
  expect((await service.operator('POST', `${path}/restore`)).status).toBe(204)
  expect(await (await service.page(id)).text()).toContain('data-state="valid"')
  const gone = await service.operator('POST', `/api/certificates/${uuidv7()}/revoke`, { reason })
  expect(gone.status).toBe(404)
})

test('erasure takes the name off, and leaves that it was issued', async () => {
  const { id, person } = await service.earn('Forget Me')
  await service.get(`/credentials/${id}`)
  const keeps = personalDataClient({ fetch: service.get }, service.context.trust, 5000)
  expect((await keeps.exportPerson(person))?.data).toMatchObject({
    certificates: [{ id, learner: 'Forget Me', credential: { name: 'How columns stand' } }],
  })
  const { kept } = await keeps.erasePerson(person, { language: 'en', key: 'one' })
  expect(kept).toContainEqual({
    what: 'That a certificate was issued, without a name.',
    why: expect.any(String),
  })
  const html = await (await service.page(id)).text()
  expect(html).toContain('data-state="nameless"')
  expect(html).not.toContain('Forget Me')
  expect(await keeps.exportPerson(person)).toBeNull()
  expect((await service.get(`/credentials/${id}`)).status).toBe(404)
  expect((await service.get(`/certificates/${id}/certificate.pdf`)).status).toBe(303)
  const [row] = await service.db.work<{ kept: string }[]>`
    select c::text || (select string_agg(o::text, '') from learning.outbox o) as kept
    from learning.certificate c where id = ${id}`
  expect(row?.kept).toContain(`certificate.purged,1,certificate:${id}`)
  expect(row?.kept).not.toContain('Forget')
  expect(row?.kept).not.toContain(person)
})

const names = {
  'Latin Extended': 'Łukasz Żółć-Šćepanović',
  Vietnamese: 'Nguyễn Thị Ánh Tuyết',
  Greek: 'Ελένη Παπαδοπούλου',
  Cyrillic: 'Фёдор Їжакевич',
  'Greek over two lines': 'Ελένη Παπαδοπούλου '.repeat(4).trim(),
  long: 'María de los Ángeles Fernández-Echeverría y Montserrat de la Santísima Trinidad Ruiz',
  endless: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(5),
}

test.each(Object.entries(names))('a PDF: tagged, with its fonts (%s)', async (_, name) => {
  const { id } = await service.earn(name)
  const answer = await service.get(`/certificates/${id}/certificate.pdf?lang=es`)
  expect(answer.headers.get('content-type')).toBe('application/pdf')
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const raw = Buffer.from(bytes).toString('latin1')
  const count = (what: RegExp) => raw.match(what)?.length ?? 0
  expect(count(/\/Type \/FontDescriptor/g)).toBeGreaterThan(1)
  expect(count(/\/FontFile2 \d/g), 'every font is in it').toBe(count(/\/Type \/FontDescriptor/g))
  expect(raw).not.toContain('/Type1')
  expect(raw).toContain('/Marked true')
  expect(raw).toContain('/Lang (es)')

  const pdf = await getDocumentProxy(bytes)
  expect(pdf.numPages).toBe(1)
  const { info } = await pdf.getMetadata()
  expect(info).toMatchObject({
    Title: expect.stringContaining(name),
    Language: 'es',
    PDFFormatVersion: '1.7',
  })
  const sheet = await pdf.getPage(1)
  const tree = JSON.stringify(await sheet.getStructTree())
  for (const role of ['Document', 'H1', 'P', 'Figure', 'Link']) {
    expect(tree).toContain(`"role":"${role}"`)
  }
  expect(tree).toContain(`https://learn.example.org/certificates/${id}`)
  const { items } = await sheet.getTextContent()
  const text = items.map((one) => ('str' in one ? one.str : '')).join('')
  expect(text.replace(/\s/g, '')).toContain(name.normalize('NFC').replace(/\s/g, ''))
  expect(text).toContain('Certificado de finalización')
  // Nothing hangs over the edge: every piece begins on the sheet and ends on it.
  for (const one of items) {
    if (!('str' in one) || one.str.trim() === '') continue
    const [x, y] = [Number(one.transform[4]), Number(one.transform[5])]
    expect(x + one.width, one.str).toBeLessThan(800)
    expect(y, one.str).toBeGreaterThan(20)
  }
})

test.each(['王小明', 'محمد علي', 'अनीता शर्मा'])(
  'letters that our fonts lack are said, not drawn as boxes: %s',
  async (name) => {
    const { id } = await service.earn(name)
    const html = await (await service.page(id)).text()
    expect(html).toContain(name)
    expect(html).toContain('Print this page instead')
    expect(html).not.toContain('certificate.pdf')
    const pdf = await service.get(`/certificates/${id}/certificate.pdf`)
    expect(pdf.status).toBe(303)
    expect((await service.get(`/credentials/${id}`)).status).toBe(200)
  },
)
