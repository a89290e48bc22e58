import { expect, test } from 'vitest'
import { folderOf } from './fixtures.ts'
import { readCourse } from './read.ts'

const lesson = '---\ntitle: One\nteaching: 5\n---\nText.\n'

async function idOf(config: string, course?: string): Promise<string | undefined> {
  const files = {
    'config.yaml': config,
    'index.md': 'About.\n',
    'episodes/01-one.md': lesson,
    ...(course ? { 'colonnade/course.yaml': course } : {}),
  }
  return (await readCourse(folderOf(files))).course.id
}

const source = 'source: https://github.com/carpentries/lesson\n'

test('a course without a slug of its own is known by its source, whatever its title', async () => {
  const one = await idOf(`title: One title\n${source}`)
  expect(one).toBe('github-com-carpentries-lesson-en')
  expect(await idOf(`title: Another title\n${source}`)).toBe(one)
  expect(await idOf(`title: Un título\nlang: es\n${source}`)).not.toBe(one)
})

test('an id, or a slug, goes before the source', async () => {
  expect(await idOf(`title: A\n${source}`, 'id: mine\n')).toBe('mine')
  expect(await idOf(`title: A\n${source}`, 'slug: a-slug\n')).toBeUndefined()
  expect(await idOf('title: A\n')).toBeUndefined()
})
