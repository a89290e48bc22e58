import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { openBrowser } from '@colonnade/testing/browser'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openReviews } from '../fixture.ts'

let browser: Browser
let origin = ''
/** Whether fragments are away. */
let away = false
let script = ''

// The course page in little: the fragment with the page's own parameters, and the built script.
const server = createServer(async (req, res) => {
  const url = new URL(req.url ?? '/', 'http://test')
  const query = new URLSearchParams({ course: '1', ...Object.fromEntries(url.searchParams) })
  res.setHeader('Content-Security-Policy', "default-src 'self'")
  if (url.pathname === '/script.js') {
    res.setHeader('Content-Type', 'text/javascript')
    res.end(script)
    return
  }
  const onPage = url.pathname === '/es/learn/a'
  if (!onPage && away) {
    res.statusCode = 503
    res.end()
    return
  }
  const answer = await service.get(`/fragments/reviews/reviews?${query}`)
  const html = await answer.text()
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.end(onPage ? `<!doctype html><script type="module" src="/script.js"></script>${html}` : html)
})
let service: Awaited<ReturnType<typeof openReviews>>

beforeAll(async () => {
  service = await openReviews()
  for (let i = 0; i < 14; i++) {
    const body = { learner: randomUUID(), author: `Author ${i}`, stars: 5 }
    await service.write('POST', '/api/courses/1/reviews', body)
  }
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, 'index.ts'), formats: ['es'] },
    },
  })
  for (const { output } of [built].flat().filter((one) => 'output' in one)) {
    for (const file of output) if (file.type === 'chunk') script = file.code
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object' && address) origin = `http://127.0.0.1:${address.port}`
  browser = await openBrowser()
})
beforeEach(() => {
  away = false
})
afterAll(async () => {
  await browser?.close()
  server.close()
})

async function open(javaScriptEnabled = true) {
  const page = await browser.newPage({ javaScriptEnabled })
  await page.goto(`${origin}/es/learn/a`)
  return { page, items: page.locator('li article'), more: page.locator('a[rel=next]') }
}

test('more reviews come in place, to the last, and reading goes on at the first new one', async () => {
  const { page, items, more } = await open()
  expect(await items.count()).toBe(6)
  await more.click()
  await expect.poll(() => items.count()).toBe(12)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Author 7')
  await more.click()
  await expect.poll(() => items.count()).toBe(14)
  expect(await more.count()).toBe(0)
  expect(page.url()).toBe(`${origin}/es/learn/a`)
  await page.close()
})

test('when they do not come, the link is followed', async () => {
  const { page, items, more } = await open()
  away = true
  await more.click()
  await page.waitForURL(/\/es\/learn\/a\?reviews=[\w-]+#reviews$/)
  expect(await items.first().textContent()).toContain('Author 7')
  await page.close()
})

test('without JavaScript it is a link', async () => {
  const { page, items, more } = await open(false)
  await more.click()
  await page.waitForURL(/\?reviews=/)
  expect(await items.first().textContent()).toContain('Author 7')
  await page.getByRole('link', { name: 'Back to the start' }).click()
  await page.waitForURL(/\?#reviews$/)
  expect(await items.first().textContent()).toContain('Author 13')
  await page.close()
})
