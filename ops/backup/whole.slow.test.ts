import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@colonnade/db'
import type { KeptFiles, ServiceDefinition } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Manifest, manifestName } from './manifest.ts'
import { entries, examine } from './read.ts'
import { compare, putBack, type Target } from './restore.ts'
import { end, pack, together } from './tar.ts'
import { toWeb } from './web-stream.ts'
import { writeBackup } from './write.ts'

const first = `
  create type mood as enum ('calm', 'loud');
  create domain stars as int check (value between 1 and 5);
  create table kind (
    id bigint generated always as identity primary key,
    twice bigint generated always as (id * 2) stored,
    flag boolean, small smallint, n numeric, r real, d double precision, t text, c char(5), v varchar(9),
    b bytea, j json, jb jsonb, u uuid, day date, at timestamptz, local timestamp, clock time, span interval,
    ts tsvector, texts text[], numbers int[][], range tstzrange, net inet, m mood, s stars, bits bit varying,
    place point, x xml, money money, next bigint references kind
  );
  create table note (id int primary key, kind bigint not null references kind, changed int not null default 0);
  create function touch() returns trigger language plpgsql as $$ begin new.changed := new.changed + 1; return new; end $$;
  create trigger touch before insert on note for each row execute function touch();
  insert into kind (t) values ('brought by the migration');`
const service = (name: string, migrations: Record<string, string>): ServiceDefinition => ({
  name,
  routes: [],
  fragments: {},
  migrations,
  open: () => {
    throw new Error('is not run')
  },
})
const before = [service('sampler', { '0001_first.sql': first })]
const now = [
  service('sampler', {
    '0001_first.sql': first,
    '0002_more.sql': 'alter table note add column more text;',
  }),
]
const odd = 'tab\t, line\n, return\r, back\\slash, \\N, \\., ✓ 漢字 \u{1f600}'
const picture = new Uint8Array(300_000).map((_, i) => (i * i) % 251)

const folder = mkdtempSync(join(tmpdir(), 'colonnade-whole-'))
const file = join(folder, 'backup.age')
const key = await generateX25519Identity()
const opened = (identity = key) => {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter
}
const locked = async () => {
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(key))
  return encrypter
}
const shelf = () => {
  const kept = new Map<string, Uint8Array>()
  const files: KeptFiles = {
    async *list() {
      yield* kept.keys()
    },
    read: async (name) => kept.get(name),
    write: async (name, bytes) => void kept.set(name, bytes),
  }
  return { kept, files }
}
const targetOf = (
  url: string,
  files: KeptFiles,
  definitions: readonly ServiceDefinition[],
): Target => ({
  definitions,
  urlOf: () => url,
  filesOf: () => files,
  keep: async () => {},
})
let url: string
let made: Manifest

beforeAll(async () => {
  url = (await testDatabase()).url
  await migrate(url, 'sampler', before[0]?.migrations ?? {})
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql`set search_path to sampler`
  const [one] = await sql`
    insert into kind (flag, small, n, r, d, t, c, v, b, j, jb, u, day, at, local, clock, span, ts, texts, numbers, range,
      net, m, s, bits, place, x, money)
    values (true, -1, 12345678901234567890.123456789, 0.1::real, 0.1 + 0.2, ${odd}, 'x', '', '\\x00ff0a09'::bytea,
      '{"b": 1,  "a": 1}', ${sql.json({ odd })}, gen_random_uuid(), 'infinity', now(), '-infinity', '23:59:59.999999',
      '1 year -3 days 04:05:06.7', to_tsvector('english', 'the pages outlive'), array[${odd}, null, ''],
      '{{1,2},{3,4}}', '[2020-01-01,)', '10.0.0.0/8', 'loud', 5, b'10110', '(0.1,1e300)', '<a>&amp;</a>', 12.34)
    returning id`
  await sql`insert into kind (n, d, r, t) values ('NaN', 'NaN', '-Infinity', ''), (null, -0.0, 1e-45, null)`
  // One that names a row which comes after it, and more than a stream holds at once.
  await sql`update kind set next = (select max(id) from kind) where id = ${one?.id ?? 0}`
  await sql`insert into kind (t) select repeat(md5(i::text), 20) from generate_series(1, 3000) i`
  await sql`insert into note (id, kind) select id, id from kind`
  await sql.end()
  const { kept, files } = shelf()
  kept.set('ab/picture.jpg', picture)
  kept.set('ab/nothing', new Uint8Array())
  const source = { parts: [{ name: 'sampler', url, files }], extras: [] }
  made = await writeBackup(file, source, await locked())
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every type and odd value comes back, in a later release too', async () => {
  expect(readdirSync(folder)).toEqual(['backup.age'])
  const manifest = await examine(file, opened())
  expect(manifest).toEqual(made)
  for (const definitions of [before, now]) {
    const there = (await testDatabase()).url
    const { kept, files } = shelf()
    const target = targetOf(there, files, definitions)
    await putBack(file, manifest, target, opened())
    await compare(manifest, target)
    expect(Buffer.from(kept.get('ab/picture.jpg') ?? []).equals(picture)).toBe(true)
    await migrate(there, 'sampler', now[0]?.migrations ?? {})
    const sql = postgres(there, { max: 1, onnotice: () => {} })
    try {
      const [row] = await sql`
        select t, jb->>'odd' as odd, texts[1] as listed, b, twice = id * 2 as computed, next > id as named
        from sampler.kind where b is not null`
      const bytes = Buffer.from([0, 255, 10, 9])
      expect(row).toEqual({ t: odd, odd, listed: odd, b: bytes, computed: true, named: true })
      // Triggers were away while rows went in, and are back; so are foreign keys and the next number.
      const [{ changed } = { changed: 0 }] =
        await sql`select sum(changed) = count(*) as changed from sampler.note`
      expect(changed).toBe(true)
      const [next] = await sql`insert into sampler.kind (t) values ('new') returning id`
      const [touched] =
        await sql`insert into sampler.note (id, kind) values (-1, ${next?.id}) returning changed`
      expect(touched?.changed).toBe(1)
      await expect(sql`insert into sampler.note (id, kind) values (-2, -2)`).rejects.toThrow(
        'foreign',
      )
      await sql`update sampler.kind set t = 'other' where b is not null`
      await expect(compare(manifest, target)).rejects.toThrow('table sampler.kind')
      await sql`drop schema sampler cascade`
    } finally {
      await sql.end()
    }
  }
}, 60_000)

test('wherever a bit is flipped or the file is cut, it is said', async () => {
  const bytes = readFileSync(file)
  const broken = join(folder, 'broken.age')
  const refused = async (content: Uint8Array) => {
    writeFileSync(broken, content)
    await expect(examine(broken, opened())).rejects.toThrow(/damaged|cut short|another key/)
  }
  const place = fc.oneof(fc.nat(250), fc.nat(bytes.length - 1))
  await fc.assert(
    fc.asyncProperty(place, fc.nat(7), async (at, bit) => {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
      await refused(flipped)
      await refused(bytes.subarray(0, at))
    }),
    { numRuns: 25 },
  )
  await refused(bytes.subarray(0, bytes.length - 1))
  await refused(Buffer.concat([bytes, Buffer.from('x')]))
  rmSync(broken)
}, 60_000)

/** The backup with another manifest, as a newer release might write it. */
async function changed(manifest: object): Promise<string> {
  async function* archive() {
    for await (const { name, body } of entries(file, opened())) {
      const content = await together(body)
      const text = name === manifestName ? Buffer.from(JSON.stringify(manifest)) : content
      yield* pack(name, text)
    }
    yield end
  }
  const cipher = await (await locked()).encrypt(toWeb(archive()))
  const path = join(folder, 'changed.age')
  const parts: Uint8Array[] = []
  for await (const part of cipher) parts.push(part)
  writeFileSync(path, Buffer.concat(parts))
  return path
}

test('another key, a newer release, rows that are gone and what is no backup are each told', async () => {
  await expect(examine(file, opened(await generateX25519Identity()))).rejects.toThrow('another key')
  const phrase = new Decrypter()
  phrase.addPassphrase('a passphrase of somebody')
  await expect(examine(file, phrase)).rejects.toThrow('another key')
  await expect(examine(join(folder, 'none'), opened())).rejects.toThrow('There is no')
  writeFileSync(join(folder, 'text'), 'a letter\n')
  await expect(examine(join(folder, 'text'), opened())).rejects.toThrow('no backup of Colonnade')
  const newer = await changed({ format: 2, all: 'else' })
  await expect(examine(newer, opened())).rejects.toThrow('newer release')
  const [schema] = made.schemas
  if (!schema) throw new Error('a backup of nothing')
  const less = { ...schema, tables: schema.tables.map((one) => ({ ...one, rows: one.rows - 1 })) }
  const wrong = await changed({ ...made, schemas: [less] })
  await expect(examine(wrong, opened())).rejects.toThrow('table sampler.kind')

  // Refused before anything is touched.
  const { files } = shelf()
  const later = { ...made, schemas: [{ ...schema, migrations: [{ name: '9.sql', sha256: 'ab' }] }] }
  const target = targetOf(url, files, before)
  await expect(putBack(file, later, target, opened())).rejects.toThrow('newer or another release')
  const unknown = { ...made, schemas: [{ ...schema, name: 'public', migrations: [] }] }
  await expect(putBack(file, unknown, target, opened())).rejects.toThrow('no service public')
  await compare({ ...made, files: [] }, target)
}, 60_000)

test('a backup that is told to end leaves no file and no connection', async () => {
  const interrupt = new AbortController()
  const out = join(folder, 'out')
  const source = {
    parts: [{ name: 'sampler', url }],
    extras: [],
    onProgress: () => interrupt.abort(new Error('told to end')),
  }
  const path = join(out, 'stopped.age')
  await expect(writeBackup(path, source, await locked(), interrupt.signal)).rejects.toThrow()
  expect(readdirSync(out)).toEqual([])
  const sql = postgres(url, { max: 1 })
  await expect
    .poll(
      async () =>
        (
          await sql`select from pg_stat_activity where application_name = 'colonnade backup' and datname = current_database()`
        ).length,
    )
    .toBe(0)
  await sql.end()
}, 60_000)
