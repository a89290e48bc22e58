import { brotliCompressSync } from 'node:zlib'
import { openBrowser } from '@colonnade/testing/browser'
import type { Browser, Page } from 'playwright-core'
import { createElement } from 'react'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CodeCopy } from './components/code-copy.tsx'
import { ReadingSettings } from './components/reading-settings.tsx'
import { renderHtml } from './render-html.ts'
import { translator } from './translator.ts'

let browser: Browser
let script = ''
const t = translator('en')

beforeAll(async () => {
  const result = await build({
    root: import.meta.dirname,
    logLevel: 'error',
    build: { write: false, rolldownOptions: { input: 'elements/index.ts' } },
  })
  const outputs = [result].flat().filter((one): one is Rolldown.RolldownOutput => 'output' in one)
  for (const file of outputs.flatMap(({ output }) => output)) {
    if (file.type === 'chunk') script = file.code
  }
  browser = await openBrowser()
})
afterAll(() => browser?.close())

async function open(options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({
    permissions: ['clipboard-write', 'clipboard-read'],
    ...options,
  })
  const page = await context.newPage()
  const body = renderHtml(
    createElement('main', null, [
      createElement(ReadingSettings, { key: 'settings', t }),
      createElement('figure', { key: 'code' }, [
        createElement('code', { key: 'text' }, 'SELECT 1'),
        createElement(CodeCopy, { key: 'copy', t }),
      ]),
    ]),
  )
  await page.route('http://localhost/**', (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html><script type="module" src="/ui.js"></script>${body}`,
        }),
  )
  await page.goto('http://localhost/')
  return page
}

test('the script of every page is tiny', () => {
  expect(script.length).toBeGreaterThan(0)
  expect(brotliCompressSync(script).length).toBeLessThan(4096)
})

test('reading settings are applied, kept, and forgotten', async () => {
  const page = await open()
  const root = page.locator('html')
  await page.getByText('Aa').click()
  await page.getByLabel('Dark', { exact: true }).check()
  await page.getByLabel('Atkinson Hyperlegible').check()
  expect(await root.getAttribute('data-theme')).toBe('dark')
  await page.reload()
  expect(await root.getAttribute('data-theme')).toBe('dark')
  expect(await root.getAttribute('data-font')).toBe('atkinson')
  await page.getByText('Aa').click()
  expect(await page.getByLabel('Dark', { exact: true }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Reset' }).click()
  await page.waitForFunction(() => !document.documentElement.dataset.theme)
  await page.reload()
  expect(await root.getAttribute('data-theme')).toBeNull()
  await page.context().close()
})

test('escape, done and a click outside close the settings', async () => {
  const page = await open()
  const details = page.locator('details')
  await page.getByText('Aa').click()
  await page.keyboard.press('Escape')
  expect(await details.getAttribute('open')).toBeNull()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY')
  await page.getByText('Aa').click()
  await page.getByRole('button', { name: 'Done' }).click()
  expect(await details.getAttribute('open')).toBeNull()
  await page.getByText('Aa').click()
  await page.getByText('SELECT 1').click()
  expect(await details.getAttribute('open')).toBeNull()
  await page.context().close()
})

test('what was stored by something else does no harm', async () => {
  const page = await open()
  for (const stored of ['{"theme":"\\"><script>","size":"large"}', '[1]', 'null', '{', '"x"']) {
    await page.evaluate((value) => localStorage.setItem('colonnade-reading', value), stored)
    await page.reload()
    expect(await page.locator('html').getAttribute('data-theme')).toBeNull()
    await page.getByText('Aa').click()
    expect(await page.getByRole('button', { name: 'Reset' }).isVisible()).toBe(true)
  }
  await page.context().close()
})

test('code is copied and the button says so', async () => {
  const page = await open()
  await page.getByRole('button', { name: 'Copy' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('SELECT 1')
  await page.context().close()
})
