import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings } from '../settings.ts'
import { checkMail } from './mail.ts'
import { settingsTable } from './table.ts'

const server = new SMTPServer({
  authMethods: ['PLAIN'],
  allowInsecureAuth: true,
  disabledCommands: ['STARTTLS'],
  onAuth({ password }, _session, done) {
    done(password === 'right' ? null : new Error('wrong'), { user: 'school' })
  },
})
let port: number
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  ;({ port } = server.server.address() as AddressInfo)
})
afterAll(() => {
  server.close()
})

const look = async (url: string) => {
  const settings = readSettings({ SMTP_URL: url, MAIL_FROM: 'school@example.org' })
  return { settings, findings: await checkMail(settings) }
}

test('a mail server that lets us in is well', async () => {
  const { findings } = await look(`smtp://school:right@127.0.0.1:${port}`)
  expect(findings).toEqual([
    {
      about: 'mail',
      level: 'ok',
      what: `The mail server 127.0.0.1:${port} (SMTP_URL) answers, and lets us in.`,
    },
  ])
})

test('one that does not, or is not there, is told with how to mend it, and without the password', async () => {
  for (const url of [
    `smtp://school:geheim@127.0.0.1:${port}`,
    'smtp://school:geheim@127.0.0.1:1',
  ]) {
    const { findings, settings } = await look(url)
    expect(findings).toEqual([
      expect.objectContaining({ level: 'fail', mend: expect.stringContaining('SMTP_URL') }),
    ])
    const table = settingsTable(settings, '/data', false)
    expect(JSON.stringify({ findings, table })).not.toContain('geheim')
  }
})

test('without one mails lie in a folder; from nowhere they are refused by others', async () => {
  expect((await checkMail(readSettings({}))).map(({ level }) => level)).toEqual(['ok'])
  const nowhere = await checkMail(readSettings({ SMTP_URL: `smtp://127.0.0.1:${port}` }))
  expect(nowhere[0]).toMatchObject({ level: 'warn', mend: expect.stringContaining('MAIL_FROM') })
})

test('settings of mail that cannot be used are told by name', () => {
  expect(() => readSettings({ SMTP_URL: 'mail.example.org' })).toThrow(/SMTP_URL/)
  expect(() => readSettings({ MAIL_FROM: 'The School' })).toThrow(/MAIL_FROM.*is an address/)
})
