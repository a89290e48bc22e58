import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCourse } from '../templates/course.ts'
import { openPreview, type Preview, type Read } from './preview.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-previewed-'))
const course = join(folder, 'course')
const reads: Read[] = []
let preview: Preview
beforeAll(async () => {
  await makeCourse(course, 'en')
  preview = await openPreview({ folder: course, port: 0, onRead: (read) => reads.push(read) })
}, 120_000)
afterAll(async () => {
  await preview.close()
  rmSync(folder, { recursive: true, force: true })
})

const page = async (path = '') => await (await fetch(preview.url + path)).text()
async function eventually(ask: () => Promise<string>, text: string): Promise<string> {
  for (;;) {
    const html = await ask()
    if (html.includes(text)) return html
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const change = (path: string, from: string | RegExp, to: string) => {
  const file = join(course, path)
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
}

test('a saved edit is on the page, an error says where, and mending it shows the page again', async () => {
  expect(preview.url).toMatch(/\/learn\/course$/)
  await eventually(page, '<h1')
  change('index.md', /$/, '\n\nWritten while you watched.\n')
  await eventually(page, 'Written while you watched.')
  change('colonnade/course.yaml', /^level: .*$/m, 'level: impossible')
  const broken = await eventually(page, 'role="alert"')
  expect(broken).toMatch(/<code>colonnade\/course\.yaml:\d+<\/code>/)
  expect(broken).toContain('Written while you watched.')
  change('colonnade/course.yaml', 'level: impossible', 'level: advanced')
  await eventually(page, 'Advanced')
  expect(await page()).not.toContain('role="alert"')
  expect(reads.some((read) => 'refused' in read)).toBe(true)
}, 120_000)
