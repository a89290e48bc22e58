import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFolder } from '@colonnade/format'
import { readCourse } from '@colonnade/format/read'
import { afterAll, expect, test } from 'vitest'
import { courseLanguages, makeCourse } from './course.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-new-course-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(courseLanguages)(
  'a new course in %s reads with nothing dropped or approximated',
  async (language) => {
    const made = join(folder, `Mi café nº 1 ${language}`)
    await makeCourse(made, language)
    const { course, report } = await readCourse(await readFolder(made))
    expect(report.filter(({ outcome }) => outcome !== 'exact')).toEqual([])
    expect(course).toMatchObject({
      slug: `mi-cafe-no-1-${language}`,
      title: `Mi café nº 1 ${language}`,
      language,
      level: 'beginner',
    })
    const lessons = course.modules.flatMap((module) => module.lessons)
    expect(lessons).toHaveLength(2)
    for (const lesson of lessons) {
      expect(lesson.html).toContain('ln-challenge')
      expect(lesson.html).toContain('<details')
      expect(lesson.items.map(({ kind }) => kind)).toContain('exercise')
    }
    expect(course.images).toHaveLength(1)
  },
)

test('its schema reference leads to the schema, and nothing is overwritten', async () => {
  const made = join(folder, 'twice')
  await makeCourse(made, 'en')
  const file = join(made, 'colonnade/course.yaml')
  const schema = /\$schema=(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  expect(existsSync(join(made, 'colonnade', schema))).toBe(true)
  await expect(makeCourse(made, 'en')).rejects.toThrow('not overwritten')
})

test('a name that YAML would misread is quoted', async () => {
  const made = join(folder, 'a: b # "c"')
  await makeCourse(made, 'en')
  const { course } = await readCourse(await readFolder(made))
  expect(course.title).toBe('A: b # "c"')
})
