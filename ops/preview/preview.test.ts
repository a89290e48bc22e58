import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCourse } from '../templates/course.ts'
import { openDoor } from './door.ts'
import { noticeOf } from './notice.ts'
import { watchTree } from './watch.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-door-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}

let site: Awaited<ReturnType<typeof openDoor>>
let door: Awaited<ReturnType<typeof openDoor>>
beforeAll(async () => {
  site = await openDoor({ port: 0, host: '127.0.0.1', waiting: 'Behind the door' })
  door = await openDoor({ port: 0, host: '127.0.0.1', waiting: 'Reading …' })
})
afterAll(async () => {
  await door.close()
  await site.close()
})

test('a page gets our script as a file, so that the policy against inline scripts stays', async () => {
  const waiting = await fetch(door.url)
  expect(waiting.status).toBe(503)
  expect(await waiting.text()).toContain('<script type="module" src="/preview/reload.js?page=1">')
  const script = await fetch(`${door.url}/preview/reload.js?page=1`)
  expect(script.headers.get('content-type')).toContain('text/javascript')
  door.lead(site.url)
  const page = await fetch(`${door.url}/learn/x`)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(await page.text()).toContain('Behind the door')
})

test('a notice says file and line at the top of the page, with nothing of it executed', async () => {
  door.lead(site.url)
  door.post(
    noticeOf('Not shown.', 'episodes/01-a.md:12: <script> is open. Close it.\n  b.md:1: too'),
  )
  const html = await (await fetch(door.url)).text()
  expect(html).toContain('<code>episodes/01-a.md:12</code>')
  expect(html).toContain('&#60;script&#62; is open. Close it.')
  expect(html).toContain('<pre>b.md:1: too</pre>')
  expect(html.indexOf('preview-notice" role="alert"')).toBeGreaterThan(html.indexOf('<body'))
  door.post(undefined)
  expect(await (await fetch(door.url)).text()).not.toContain('role="alert"')
})

test('open pages hear of a change, and one that missed it learns it when it connects again', async () => {
  const listen = async () => {
    const answer = await fetch(`${door.url}/preview/events`)
    if (!answer.body) throw new Error('no events')
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    return async () => /data: (\d+)/.exec((await reader.read()).value ?? '')?.[1]
  }
  const next = await listen()
  const before = Number(await next())
  door.reload()
  expect(Number(await next())).toBe(before + 1)
  expect(Number(await (await listen())())).toBe(before + 1)
})

test('every way to save a file is noticed, in folders that came later too', async () => {
  await makeCourse(join(folder, 'course'), 'en')
  let changes = 0
  const watcher = watchTree(join(folder, 'course'), () => changes++)
  const noticed = async (save: () => void) => {
    const before = changes
    save()
    await eventually(() => changes > before)
  }
  const file = join(folder, 'course/episodes/01-the-first-lesson.md')
  const text = readFileSync(file, 'utf8')
  await noticed(() => writeFileSync(file, `${text}\nOnce.`))
  for (const word of ['twice', 'three times']) {
    await noticed(() => {
      writeFileSync(`${file}.new`, `${text}\n${word}`)
      renameSync(`${file}.new`, file)
    })
  }
  await makeCourse(join(folder, 'course/deep'), 'en')
  await eventually(() => changes > 3)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await noticed(() => writeFileSync(join(folder, 'course/deep/episodes/new.md'), 'x'))
  watcher.close()
})
