import { expect, test } from 'vitest'
import { collectFiles } from './sent.ts'
import { readZip, writeZip } from './zip.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('a folder that was sent file by file is read as its archive would be', async () => {
  const files = collectFiles([
    ['bread/config.yaml', bytes('title: Bread')],
    ['bread/.git/HEAD', bytes('ref')],
    ['bread/episodes/01-a.md', bytes('x')],
  ])
  const read = await readZip(await writeZip(files, false))
  expect([...read.keys()]).toEqual(['config.yaml', 'episodes/01-a.md'])
})

test.each(['../a.md', '/a.md', 'a/../../b.md', 'C:/a.md', 'a\\b.md', 'a//b.md', ''])(
  'refuses the path %j',
  (path) => {
    expect(() => collectFiles([[path, bytes('x')]])).toThrow('not one inside')
  },
)

test('refuses one path twice, and more files than a course has', () => {
  expect(() =>
    collectFiles([
      ['a.md', bytes('x')],
      ['a.md', bytes('y')],
    ]),
  ).toThrow('sent twice')
  const many = Array.from({ length: 5001 }, (_, at) => [`f${at}`, bytes('')] as const)
  expect(() => collectFiles(many)).toThrow('more than 5000 files')
})
