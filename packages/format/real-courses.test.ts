import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readFolder } from './folder/folder.ts'
import { readZip, writeZip } from './folder/zip.ts'
import { executableIn } from './hostile.ts'
import { readCourse } from './read.ts'

const root = resolve(import.meta.dirname, '../..')
const real = process.env.COLONNADE_REAL_COURSES ?? join(root, '../shared/content')
const ours = join(root, 'content')

const coursesIn = async (folder: string): Promise<string[]> =>
  existsSync(folder)
    ? (await readdir(folder))
        .filter((name) => existsSync(join(folder, name, 'config.yaml')))
        .map((name) => join(folder, name))
    : []

const outside = await coursesIn(real)
const samples = await coursesIn(ours)
const name = (path: string) => path.split('/').at(-1) ?? path

describe.each([...outside, ...samples].map((path) => [name(path), path] as const))(
  '%s',
  (_, path) => {
    test('is read whole, the same from a folder and from a zip', async () => {
      const files = await readFolder(path)
      const { course, report } = await readCourse(files)
      const again = await readCourse(await readZip(await writeZip(files)))
      expect(again.course).toEqual(course)
      expect(again.report).toEqual(report)
      const lessons = course.modules.flatMap((module) => module.lessons)
      const listed = [...files.keys()].filter((file) => /^episodes\/[^/]+\.md$/.test(file))
      expect(lessons.filter((lesson) => lesson.path.startsWith('episodes/'))).toHaveLength(
        listed.length,
      )
      for (const lesson of lessons) {
        expect(executableIn(lesson.html), lesson.path).toEqual([])
        expect(lesson.text.length, lesson.path).toBeGreaterThan(10)
        // no fence, attribute or template is left over in the text
        const prose = lesson.html.replace(/<pre[\s\S]*?<\/pre>|<code[\s\S]*?<\/code>/g, '')
        expect(prose, lesson.path).not.toMatch(/:::|\{(?:alt=|#|\.|:)|\{\{|\{%/)
        const ids = [...lesson.html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
        expect(new Set(ids).size, lesson.path).toBe(ids.length)
        for (const item of lesson.items) if (item.anchor !== '') expect(ids).toContain(item.anchor)
      }
      for (const image of course.images) expect(files.has(image)).toBe(true)
      const named = new Set(report.map(({ file }) => file))
      for (const file of files.keys())
        expect(named.has(file), `${file} is not in the report`).toBe(true)
    })
  },
)

describe.skipIf(outside.length === 0)(
  'the real courses (skipped where their folder is absent)',
  () => {
    const courseAt = async (folder: string) =>
      (await readCourse(await readFolder(join(real, folder)))).course
    const lesson = async (folder: string, slug: string) => {
      const course = await courseAt(folder)
      const found = course.modules
        .flatMap(({ lessons }) => lessons)
        .find((one) => one.slug === slug)
      if (!found) throw new Error(`${folder} has no ${slug}`)
      return found
    }

    test.runIf(existsSync(join(real, 'git-novice')))(
      'git-novice: grid table, spoiler, challenges',
      async () => {
        const found = await lesson('git-novice', 'changes')
        expect(found.minutes).toBe(20)
        expect(found.items.filter(({ kind }) => kind === 'exercise')).toHaveLength(4)
        expect(found.html).toContain('<details class="ln-spoiler"><summary>Markdown</summary>')
        expect(found.html.match(/<td>/g)).toHaveLength(10)
        expect(found.html).toContain('lesson:reference#commit')
      },
    )

    test.runIf(existsSync(join(real, 'shell-novice')))(
      'shell-novice: definitions and a download',
      async () => {
        const course = await courseAt('shell-novice')
        expect(course.downloads).toEqual(['episodes/data/shell-lesson-data.zip'])
        const reference = await lesson('shell-novice', 'reference')
        expect(reference.html.match(/<dt>/g)?.length).toBeGreaterThan(30)
        expect(reference.html).toContain('<span id="absolute-path">')
      },
    )

    test.runIf(existsSync(join(real, 'sql-novice-survey')))(
      'sql-novice-survey: tables in rows',
      async () => {
        const found = await lesson('sql-novice-survey', 'select')
        expect(found.html.match(/class="ln-table"/g)?.length).toBeGreaterThanOrEqual(4)
        expect(found.html).not.toContain('col-md-6')
      },
    )
  },
)
