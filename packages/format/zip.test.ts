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
    const size = 8 * 1024 * 1024 + 7
    const bomb = Buffer.from(await writeZip(new Map([['bomb.txt', new Uint8Array(size)]])))
    const claim = Buffer.alloc(4)
    claim.writeUInt32LE(size)
    for (let at = bomb.indexOf(claim); at >= 0; at = bomb.indexOf(claim)) bomb.writeUInt32LE(7, at)
    await checkZip(bomb)
    await expect(readZip(bomb)).rejects.toMatchObject({
      file: 'archive.zip',
      problem: expect.stringContaining('too many bytes'),
    })
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

async function bytesOf(zip: yazl.ZipFile): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => zip.outputStream.on('end', resolve))
  return new Uint8Array(Buffer.concat(chunks))
}
