import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from './browser.ts'

const page = `<!doctype html><html lang="en"><title>A page</title><style>p { color: red }</style>
<h1>It works</h1><p>día</p><script>document.title = 'ran'</script>`

const server = createServer((request, response) => {
  const strict = request.url === '/strict'
  if (strict) response.setHeader('Content-Security-Policy', "default-src 'self'")
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(page)
})
let browser: Browser | undefined
let origin = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object' && address) origin = `http://127.0.0.1:${address.port}`
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  server.close()
})

async function newTab() {
  if (!browser) throw new Error('no browser')
  return browser.newPage({ viewport: { width: 360, height: 640 } })
}

test('opens a page, runs its script and pictures it', async () => {
  const tab = await newTab()
  await tab.goto(origin)
  expect(await tab.title()).toBe('ran')
  const picture = await tab.screenshot()
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  await tab.close()
})

test('keeps web security on: a strict policy stops inline script and style', async () => {
  const tab = await newTab()
  const faults: string[] = []
  tab.on('console', (message) => faults.push(message.text()))
  await tab.goto(`${origin}/strict`)
  expect(await tab.title()).toBe('A page')
  expect(faults.filter((text) => text.includes('Content Security Policy'))).toHaveLength(2)
  const other = origin.replace('127.0.0.1', 'localhost')
  const crossed = await tab.evaluate((url) => fetch(url).then(String, String), other)
  expect(crossed).toContain('TypeError')
  await tab.close()
})
