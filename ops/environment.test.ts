import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { settingsTable, unknownSettings } from './doctor/table.ts'
import { gather } from './environment.ts'
import { readSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-environment-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => write('.env', ''))

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const names = ['COLONNADE_SECRET', 'DATABASE_URL', 'PORT']

test('.env is read, and the real environment wins', () => {
  write('.env', 'PORT=1\nDATABASE_URL=postgres://a\n')
  const { env, origins } = gather({ PORT: '2' }, folder, names)
  expect(env).toMatchObject({ PORT: '2', DATABASE_URL: 'postgres://a' })
  expect(origins).toMatchObject({ PORT: 'environment', DATABASE_URL: '.env' })
})

test('a value comes from a file, without the space around it, and the file is named', () => {
  const secret = write('secret', '  sixteen characters\n\n')
  write('.env', 'DATABASE_URL_FILE=url\nMEDIA_S3_SECRET_ACCESS_KEY_FILE=url')
  const url = write('url', 'postgres://b\n')
  const { env, origins, faults } = gather({ COLONNADE_SECRET_FILE: secret }, folder, names)
  expect(faults).toEqual([])
  expect(env).toMatchObject({
    COLONNADE_SECRET: 'sixteen characters',
    DATABASE_URL: 'postgres://b',
  })
  expect(env).toMatchObject({ MEDIA_S3_SECRET_ACCESS_KEY: 'postgres://b' })
  expect(origins).toMatchObject({ COLONNADE_SECRET: secret, DATABASE_URL: url })
})

test('the real environment replaces both of .env', () => {
  write('.env', 'DATABASE_URL_FILE=url\nPORT=1')
  write('port', '2')
  const real = { DATABASE_URL: 'postgres://real', PORT_FILE: 'port' }
  const { env, faults } = gather(real, folder, names)
  expect([env.DATABASE_URL, env.PORT, faults]).toEqual(['postgres://real', '2', []])
})

test('both side by side, a file that is not there, and an empty one are told', () => {
  const real = { PORT: '1', PORT_FILE: 'port', DATABASE_URL_FILE: '/nowhere', NOT_OURS_FILE: '/no' }
  write('empty', ' \n')
  const { faults } = gather({ ...real, COLONNADE_SECRET_FILE: 'empty' }, folder, names)
  expect(faults).toEqual([
    '  PORT_FILE (from environment): PORT is set as well; keep one of the two',
    '  DATABASE_URL_FILE (from environment): /nowhere cannot be read (ENOENT)',
    `  COLONNADE_SECRET_FILE (from environment): ${join(folder, 'empty')} is empty`,
  ])
  expect(() => readSettings({ DATABASE_URL_FILE: '/nowhere' })).toThrow('/nowhere cannot be read')
})

test('doctor names the file, and knows the setting', () => {
  const file = write('token', 'a token of the operator')
  const settings = readSettings({ COLONNADE_API_TOKEN_FILE: file, COLONNADE_SECRETT_FILE: file })
  expect(settingsTable(settings, folder, false)).toContainEqual({
    name: 'COLONNADE_API_TOKEN',
    value: '***',
    origin: file,
  })
  expect(unknownSettings(settings)).toEqual(['COLONNADE_SECRETT_FILE'])
})
