import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@colonnade/db'
import { testDatabase } from '@colonnade/testing'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { writeBackup } from './write.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-moment-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what one transaction wrote into two services is there for both or neither', async () => {
  const there = (await testDatabase()).url
  const sql = postgres(there, { max: 1 })
  for (const name of ['left', 'right']) {
    await migrate(there, name, {
      '0001.sql': 'create table pair (id int primary key, filler text)',
    })
  }
  let stop = false
  let written = 0
  const pair = async () => {
    await sql.begin(async (tx) => {
      await tx`insert into "left".pair values (${written}, repeat('x', 9000))`
      await tx`insert into "right".pair values (${written}, '')`
    })
    written++
  }
  for (let i = 0; i < 200; i++) await pair()
  const writing = (async () => {
    while (!stop) await pair()
  })()
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()))
  const path = join(folder, 'pairs.age')
  const parts = ['left', 'right'].map((name) => ({ name, url: there }))
  const { schemas } = await writeBackup(path, { parts, extras: [] }, encrypter)
  const after = written
  stop = true
  await writing
  await sql.end()
  const [left = 0, right = 0] = schemas.map(({ tables }) => tables[0]?.rows)
  expect(left).toBe(right)
  expect(left).toBeGreaterThanOrEqual(200)
  // They did go on meanwhile, or this shows nothing.
  expect(after).toBeGreaterThan(left)
}, 60_000)
