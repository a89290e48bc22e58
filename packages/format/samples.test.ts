import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readFolder } from './folder/folder.ts'
import { readCourse } from './read.ts'

const content = join(import.meta.dirname, '../../content')

describe('the sample courses', () => {
  const read: Awaited<ReturnType<typeof readCourse>>[] = []
  beforeAll(async () => {
    for (const name of readdirSync(content)) {
      read.push(await readCourse(await readFolder(join(content, name))))
    }
  }, 60_000)
  const lessons = () =>
    read.flatMap(({ course }) => course.modules.flatMap((module) => module.lessons))

  test('show every type of question', () => {
    const types = lessons().flatMap(({ quizzes }) =>
      quizzes.flatMap(({ questions }) => questions.map(({ type }) => type)),
    )
    expect([...new Set(types)].sort()).toEqual([
      'essay',
      'matching',
      'multiple',
      'numeric',
      'ordering',
      'single',
      'text',
    ])
  })

  test('show how a course is graded', () => {
    const chance = read.find(({ course }) => course.slug === 'reasoning-about-chance')
    const losses = chance?.report.filter(({ outcome }) => outcome !== 'exact')
    expect(losses?.filter(({ file }) => file !== 'config.yaml')).toEqual([])
    expect(chance?.course.policy.groups).toMatchObject([{ key: 'quizzes' }, { key: 'decision' }])
    const graded = lessons().flatMap(({ items }) => items.filter((item) => item.graded))
    expect(graded).toMatchObject([
      { key: 'halfway', graded: { attempts: 3, minutes: 30, due: { days: 28 } } },
      { key: 'decision', kind: 'assignment', graded: { due: { days: 42 } } },
    ])
  })
})
