import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readFolder } from './folder/folder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colonnade-format-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('reads files by their relative paths and passes version control over', async () => {
  await mkdir(join(folder, 'episodes', 'fig'), { recursive: true })
  await mkdir(join(folder, '.git'))
  await writeFile(join(folder, 'config.yaml'), 'title: T')
  await writeFile(join(folder, 'episodes', 'fig', 'a.svg'), 'x')
  await writeFile(join(folder, '.git', 'HEAD'), 'x')
  const files = await readFolder(folder)
  expect([...files.keys()]).toEqual(['config.yaml', 'episodes/fig/a.svg'])
  expect(new TextDecoder().decode(files.get('config.yaml'))).toBe('title: T')
})

test.each(['file', 'dir'] as const)('refuses a symbolic link to a %s', async (type) => {
  await symlink(type === 'file' ? '/etc/hostname' : '/etc', join(folder, 'config.yaml'), type)
  await expect(readFolder(folder)).rejects.toMatchObject({
    file: 'config.yaml',
    problem: 'It is a symbolic link.',
  })
})

test('follows a link that is the folder itself', async () => {
  await mkdir(join(folder, 'real'))
  await writeFile(join(folder, 'real', 'a'), 'x')
  await symlink(join(folder, 'real'), join(folder, 'link'))
  expect([...(await readFolder(join(folder, 'link'))).keys()]).toEqual(['a'])
})

test.each(['nowhere', 'a-file'])('says so when %s is no folder', async (name) => {
  await writeFile(join(folder, 'a-file'), 'x')
  await expect(readFolder(join(folder, name))).rejects.toMatchObject({
    problem: 'There is no such folder.',
  })
})
