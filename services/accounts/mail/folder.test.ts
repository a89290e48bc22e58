import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { accounts } from '../service.ts'
import { mailFolder } from './folder.ts'

const place = mkdtempSync(join(tmpdir(), 'colonnade-mails-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))
const letter = (id: string, recipient: string) => ({ id, recipient, subject: id, body: 'x' })

test('letters are part of backups, and go back as they were, for nobody else to read', async () => {
  const data = join(place, 'one')
  const folder = mailFolder(join(data, 'mail'))
  const files = accounts.files?.(data, {})
  const keys = async () => {
    const found: string[] = []
    for await (const name of mailFolder(join(data, 'mail')).files.list()) found.push(name)
    return found
  }
  expect(await keys()).toEqual([])
  await folder.put(letter('b', 'ben@example.org'))
  await folder.put(letter('a', 'ada@example.org'))
  writeFileSync(join(data, 'mail', 'half.json.part'), '{')
  expect(await keys()).toEqual(['a.json', 'b.json'])
  const bytes = await files?.read('a.json')
  expect(await files?.read('gone.json')).toBeUndefined()

  const other = join(place, 'two')
  await accounts.files?.(other, {}).write('a.json', bytes ?? new Uint8Array())
  expect(await mailFolder(join(other, 'mail')).list(10)).toEqual([
    expect.objectContaining(letter('a', 'ada@example.org')),
  ])
  expect(statSync(join(other, 'mail', 'a.json')).mode & 0o077).toBe(0)

  await folder.removeTo('ada@example.org')
  expect(await keys()).toEqual(['b.json'])
})
