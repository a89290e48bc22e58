import { openBrowser } from '@colonnade/testing/browser'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { baseUrl } from './pages.ts'

/** A page, and what its console, its scripts and the security policy complained about. */
export type Tab = { page: Page; complaints: string[]; close(): Promise<void> }

/** One browser for a test file; each tab has a storage of its own. */
export function browserForFile(): (options?: BrowserContextOptions) => Promise<Tab> {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })
  return async (options = {}) => {
    if (!browser) throw new Error('The browser is not open.')
    const context = await browser.newContext({
      baseURL: baseUrl,
      locale: 'en-GB',
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        complaints.push(`${message.text()} (${message.location().url})`)
      }
    })
    page.on('pageerror', (error) => complaints.push(String(error.stack)))
    page.on('response', (response) => {
      if (response.status() >= 400 && !response.request().isNavigationRequest()) {
        complaints.push(`${response.status()} ${response.url()}`)
      }
    })
    return { page, complaints, close: () => context.close() }
  }
}
