import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goodPassword, openAccounts } from '../fixture.ts'
import { openPost } from './post.ts'

/** A mail server that keeps what it is given. */
const received: string[] = []
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, _session, done) {
    let text = ''
    stream.setEncoding('utf8')
    stream.on('data', (part: string) => {
      text += part
    })
    stream.on('end', () => {
      received.push(text)
      done()
    })
  },
})
let service: Awaited<ReturnType<typeof openAccounts>>
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  service = await openAccounts({
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'school@example.org',
    COLONNADE_URL: 'https://learn.example.org',
    SITE_NAME: 'The School',
  })
})
afterAll(() => {
  server.close()
})

test('a mail goes through the operator’s server, in the language of whom it is for', async () => {
  const form = { name: 'Óscar', email: 'oscar@example.org', password: goodPassword }
  const sent = await service.visitor().post('/es/sign-up', form)
  expect(sent.status).toBe(303)
  await expect.poll(() => received.length, { timeout: 5000 }).toBe(1)
  const [letter = ''] = received
  expect(letter).toContain('From: The School <school@example.org>')
  expect(letter).toContain('To: oscar@example.org')
  expect(letter).toContain('Auto-Submitted: auto-generated')
  expect(letter.replaceAll('=\r\n', '')).toMatch(
    /https:\/\/learn\.example\.org\/es\/verify\?token=/,
  )
  await expect.poll(() => service.db.work`select from accounts.mail`).toHaveLength(0)
  expect(await service.folder.list(10)).toEqual([])
})

test('a mail of another service carries the header by which mail programs refuse the next one', async () => {
  const oscar = await service.db.work<{ id: string }[]>`select id from accounts.person`
  const before = received.length
  const sent = {
    person: oscar[0]?.id ?? '',
    kind: 'due',
    subject: 'Mañana',
    text: 'Hoy no.',
  } as const
  expect(await service.client.sendMail({ ...sent, key: 'learning:1' })).toBe('queued')
  await expect.poll(() => received.length, { timeout: 5000 }).toBe(before + 1)
  const letter = (received.at(-1) ?? '').replaceAll('=\r\n', '').replaceAll('\r\n ', ' ')
  const header =
    /List-Unsubscribe: ?\s*<(https:\/\/learn\.example\.org\/es\/unsubscribe\?token=[^>]+)>/
  expect(letter).toMatch(header)
  expect(letter).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
})

test('a letter whose server is away is kept, and goes when it is back', async () => {
  // One of its own: the other may be looking for one more letter to carry, and would take this one.
  const { db } = await openAccounts()
  const carried: string[] = []
  let isAway = true
  const failures: unknown[] = []
  const post = openPost(
    db,
    {
      async carry({ recipient }) {
        if (isAway) throw new Error('nobody at home')
        carried.push(recipient)
      },
    },
    (error) => failures.push(error),
  )
  await post.send({ recipient: 'late@example.org', subject: 'x', body: 'y' })
  await post.carryAll()
  expect([carried, failures.length]).toEqual([[], 1])
  isAway = false
  await post.carryAll()
  expect(carried).toEqual([])
  await db.work`update accounts.mail set next_try = now()`
  await post.carryAll()
  await post.carryAll()
  expect(carried).toEqual(['late@example.org'])
  await post.close()
})
