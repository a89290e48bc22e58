import { describe, expect, test } from 'vitest'
import yazl from 'yazl'
import { folderOf } from './fixtures.ts'
import { checkZip, readZip, writeZip } from './folder/zip.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const files = folderOf({ 'episodes/01-a.md': 'x', 'episodes/fig/ü.png': new Uint8Array([0, 1, 2]) })

/** Replaces a name of the same length wherever the archive holds it. */
function renamed(zip: Uint8Array, from: string, to: string): Uint8Array {
  return new Uint8Array(
    Buffer.from(Buffer.from(zip).toString('latin1').replaceAll(from, to), 'latin1'),
  )
}

describe('writeZip', () => {
  test('packs what readZip unpacks', async () => {
    expect(await readZip(await writeZip(files))).toEqual(files)
  })

  test('makes the same bytes whatever the order and the time zone', async () => {
    const zone = process.env.TZ
    const one = await writeZip(files)
    process.env.TZ = 'Pacific/Auckland'
    const two = await writeZip(new Map([...files].reverse()))
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
    expect(two).toEqual(one)
  })

  test('refuses a path that leads out', () => {
    expect(() => writeZip(new Map([['../a', bytes('x')]]))).toThrow('not one inside')
  })
})

describe('readZip', () => {
  test('strips a single folder around everything', async () => {
    const zip = await writeZip(
      new Map([...files].map(([path, content]) => [`lesson-main/${path}`, content])),
    )
    expect([...(await readZip(zip)).keys()]).toEqual([...files.keys()].sort())
  })

  test('leaves what systems add', async () => {
    const zip = await writeZip(
      new Map([...files, ['__MACOSX/a', bytes('x')], ['.DS_Store', bytes('x')]]),
    )
    expect(await readZip(zip)).toEqual(files)
  })

  test.each([
    '../../ab.md',
    '/abcdef.md',
    'a\\..\\b.md',
    'C:/abcd.md',
    'a/../cd.md',
    'ab//cde.md',
    'a\0bcdef.md',
  ])('refuses the path %j', async (name) => {
    const placeholder = 'q'.repeat(name.length)
    const zip = await writeZip(new Map([[placeholder, bytes('x')]]))
    await expect(readZip(renamed(zip, placeholder, name))).rejects.toThrow(/CourseError|:1:/)
  })

  test('refuses a symbolic link', async () => {
    const zip = new yazl.ZipFile()
    zip.addBuffer(Buffer.from('/etc/passwd'), 'config.yaml', { mode: 0o120777 })
    zip.end()
    await expect(readZip(await bytesOf(zip))).rejects.toMatchObject({
      file: 'config.yaml',
      problem: 'It is a symbolic link.',
    })
  })

  test('refuses a name that is there twice', async () => {
    const zip = await writeZip(
      new Map([
        ['aaaa', bytes('x')],
        ['bbbb', bytes('y')],
      ]),
    )
    await expect(readZip(renamed(zip, 'bbbb', 'aaaa'))).rejects.toMatchObject({ file: 'aaaa' })
  })

  test('refuses a bomb by what it claims, before it unpacks anything', async () => {
    const bomb = await writeZip(new Map([['bomb.txt', new Uint8Array(8 * 1024 * 1024)]]))
    expect(bomb.byteLength).toBeLessThan(20_000)
    for (const read of [checkZip, readZip]) {
      await expect(read(bomb)).rejects.toMatchObject({
        problem: 'It unpacks to far more than its size.',
      })
    }
  })

  test('refuses a bomb that claims to be small while it unpacks', async () => {
    const bomb = lying(await zeros(8), 8, 0)
    for (const read of [checkZip, readZip]) {
      await expect(read(bomb)).rejects.toMatchObject({
        file: 'bomb.txt',
        problem: 'It unpacks to more than the archive says.',
      })
    }
  })

  test('leaves what claims more than is tried to the reader apart', async () => {
    const bomb = lying(await zeros(8), 8, 1)
    await checkZip(bomb, 1024 * 1024)
    await expect(checkZip(bomb)).rejects.toThrow('more than the archive says')
    await expect(readZip(bomb)).rejects.toThrow('more than the archive says')
  })

  test.each([true, false])('refuses a damaged file, compressed: %s', async (compress) => {
    const zip = await writeZip(new Map([['a.txt', bytes('wholesome')]]), compress)
    const at = Buffer.from(zip).indexOf(compress ? bytes('a.txt') : bytes('wholesome')) + 7
    zip[at] = (zip[at] ?? 0) ^ 1
    await expect(readZip(zip)).rejects.toMatchObject({ mend: 'Make the zip file again.' })
  })

  test('refuses a method that it does not read', async () => {
    const zip = Buffer.from(await writeZip(new Map([['a.txt', bytes('whole')]])))
    // method 14, LZMA, in the directory (APPNOTE 6.3, 4.3.12 and 4.4.5)
    zip.writeUInt16LE(14, zip.indexOf('PK\x01\x02') + 10)
    await expect(readZip(zip)).rejects.toMatchObject({
      file: 'a.txt',
      mend: 'Make the zip file with the usual one, “deflate”.',
    })
  })

  test('unpacks what is stored, and what is empty', async () => {
    const given = new Map([...files, ['empty.txt', new Uint8Array()]])
    for (const compress of [true, false]) {
      expect(await readZip(await writeZip(given, compress))).toEqual(given)
    }
  })

  test('refuses more entries than a course has', async () => {
    const many = Array.from({ length: 5001 }, (_, at): [string, Uint8Array] => [
      `f${at}`,
      new Uint8Array(),
    ])
    await expect(readZip(await writeZip(new Map(many)))).rejects.toThrow('more than 5000 files')
  })

  test.each([new Uint8Array(), bytes('no zip'), bytes(`PK\x03\x04${'x'.repeat(100)}`)])(
    'refuses what is no archive',
    async (content) => {
      await expect(readZip(content)).rejects.toMatchObject({ mend: 'Make the zip file again.' })
    },
  )
})

const mebibyte = 1024 * 1024

const zeros = (size: number) =>
  writeZip(new Map([['bomb.txt', new Uint8Array(size * mebibyte + 7)]]))

/** The archive of one file with another size written wherever it claims one. Sizes are mebibytes and 7 bytes. */
function lying(zip: Uint8Array, from: number, to: number): Buffer {
  const bomb = Buffer.from(zip)
  const claim = Buffer.alloc(4)
  claim.writeUInt32LE(from * mebibyte + 7)
  for (let at = bomb.indexOf(claim); at >= 0; at = bomb.indexOf(claim)) {
    bomb.writeUInt32LE(to * mebibyte + 7, at)
  }
  return bomb
}

async function bytesOf(zip: yazl.ZipFile): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => zip.outputStream.on('end', resolve))
  return new Uint8Array(Buffer.concat(chunks))
}
