import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TableSum } from './table-sum.ts'
import { end, pack, together, unpack } from './tar.ts'

const part = fc
  .string({ unit: fc.constantFrom(...'ab.- _9'), minLength: 1, maxLength: 90 })
  .filter((text) => text !== '.' && text !== '..')
const name = fc
  .array(part, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
  .filter((text) => text.length <= 150)
const file = fc.record({ name, bytes: fc.uint8Array({ maxLength: 1500 }) })

/** The same bytes in pieces as a stream may bring them. */
async function* cut(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}
const sizes = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 })

async function read(bytes: Uint8Array, pieces: readonly number[]) {
  const found: { name: string; bytes: Uint8Array }[] = []
  for await (const entry of unpack(cut(bytes, pieces))) {
    found.push({ name: entry.name, bytes: new Uint8Array(await together(entry.body)) })
  }
  return found
}

test('what was packed is unpacked, however it comes, and a part of it is told as such', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { maxLength: 5 }), sizes, fc.nat(), async (files, by, some) => {
      const packed = Buffer.concat([...files.flatMap((one) => [...pack(one.name, one.bytes)]), end])
      expect(packed.length % 512).toBe(0)
      expect(await read(packed, by)).toEqual(files)
      const short = packed.subarray(0, some % (packed.length - 1023))
      await expect(read(short, by)).rejects.toThrow('cut short')
    }),
    { numRuns: 200 },
  )
})

test.each(['../outside', '/outside', 'media/../../outside', 'a//b', '', 'naïve', 'a'.repeat(101)])(
  '%s is no name in an archive',
  (wrong) => {
    expect(() => [...pack(wrong, new Uint8Array())]).toThrow('no name')
  },
)

test('an archive of somebody else cannot write outside', async () => {
  const packed = Buffer.concat([...pack('media/xx/outside', new Uint8Array(3)), end])
  const sum = (text: string) => [...text].reduce((all, letter) => all + letter.charCodeAt(0), 0)
  packed.write('media/../outside', 0)
  const before = Number.parseInt(packed.toString('latin1', 148, 154), 8)
  const now = before + sum('..') - sum('xx')
  packed.write(now.toString(8).padStart(6, '0'), 148)
  await expect(read(packed, [512])).rejects.toThrow('media/../outside')
})

test('a table’s sum knows every byte and no order', () => {
  const row = fc.string({ unit: fc.constantFrom(...'abc\t\\') })
  const sumOf = (rows: readonly string[], by: number) => {
    const sum = new TableSum()
    const bytes = Buffer.from(rows.map((text) => `${text}\n`).join(''))
    for (let at = 0; at < bytes.length; at += by) sum.add(bytes.subarray(at, at + by))
    return [sum.rows, sum.value, sum.whole]
  }
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (rows, by) => {
      expect(sumOf([...rows].reverse(), by)).toEqual(sumOf(rows, 1000))
      expect(sumOf([`${rows[0]}x`, ...rows.slice(1)], by)).not.toEqual(sumOf(rows, by))
      expect(sumOf([...rows, rows[0] ?? ''], by)).not.toEqual(sumOf(rows, by))
    }),
  )
})
