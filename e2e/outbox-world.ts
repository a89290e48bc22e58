import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from '@colonnade/testing/browser'
import { freePort } from '@colonnade/testing/free-port'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import {
  makeDataFolder,
  ownSettings,
  type Running,
  removeDataFolder,
  runColonnade,
} from './installation.ts'
import { importExam } from './outbox-course.ts'

const password = 'three columns and a beam'

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>
export type World = Awaited<ReturnType<typeof openWorld>>

/** An installation that may be killed, a browser, and two people, the first of whom has begun an exam. */
export async function openWorld() {
  const data = makeDataFolder()
  const settings = { ...ownSettings(data), PORT: String(await freePort()) }
  let server: Running = await runColonnade(['start'], settings)
  const browser: Browser = await openBrowser()

  async function open(cookies: Cookies) {
    const context = await browser.newContext({ baseURL: server.url, locale: 'en-GB' })
    await context.addCookies(cookies)
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    return { context, page, close: () => context.close() }
  }

  async function signUp(email: string): Promise<Cookies> {
    const { context, page, close } = await open([])
    await page.goto('/sign-up')
    await page.getByLabel('Name').fill('Ada Learner')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Make an account' }).click()
    await page.getByText('A mail is on its way to you.').waitFor()
    await page.goto(await linkTo(data, email))
    await page.getByRole('button', { name: 'Confirm and go on' }).click()
    await page.waitForURL(/\/account$/)
    const cookies = await context.cookies()
    await close()
    return cookies
  }

  const course = await importExam({ ...settings, COLONNADE_URL: server.url })
  const ada = await signUp('ada@example.org')
  const bea = await signUp('bea@example.org')
  const { page, close } = await open(ada)
  await page.goto(`/enrol/${course}`)
  await page.getByRole('button', { name: 'Enrol' }).click()
  await page.waitForURL(/\/my\/courses\//)
  const main = page.getByRole('main')
  const pathOf = async (part: string) =>
    (await main.locator(`a[href*="/${part}/"]`).first().getAttribute('href')) ?? ''
  const lesson = await pathOf('lessons')
  const exam = await pathOf('items')
  await page.goto(exam)
  await page.getByRole('button', { name: 'Start' }).click()
  await page.locator('attempt-form').waitFor()
  const enrolment = (await page.locator('attempt-form').getAttribute('data-enrolment')) ?? ''
  await close()

  /** How often each text is in the first one's log. */
  async function timesInLog(asking: Page, texts: readonly string[]): Promise<number[]> {
    const answers: string[] = []
    for (let after = ''; ; ) {
      const answer = await asking.request.get(`/api/enrolments/${enrolment}/log${after}`)
      const body = await answer.json()
      for (const entry of body.entries) answers.push(entry.data?.answer)
      if (!body.more) break
      after = `?after=${body.next}`
    }
    return texts.map((text) => answers.filter((one) => one === text).length)
  }

  return {
    ada,
    bea,
    /** Paths: of the course to enrol in, of its lesson and of its exam. */
    enrol: `/enrol/${course}`,
    lesson,
    exam,
    /** A browser profile of its own. */
    open: (cookies: Cookies = ada) => open(cookies),
    timesInLog,
    async arrivedOnce(asking: Page, texts: readonly string[]): Promise<void> {
      expect(await timesInLog(asking, texts)).toEqual(texts.map(() => 1))
      expect(await heldIn(asking)).toBe(0)
    },
    kill: () => server.stop('SIGKILL'),
    async restart(): Promise<void> {
      server = await runColonnade(['start'], settings)
    },
    async close(): Promise<void> {
      await browser.close()
      await server.stop()
      removeDataFolder(data)
    },
  }
}

/** The path of the link in the letter to somebody: with no mail server they lie in a folder. */
async function linkTo(data: string, recipient: string): Promise<string> {
  const folder = join(data, 'accounts/mail')
  for (let i = 0; i < 100; i++) {
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
      const letter = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      const link = /https?:\S+/.exec(letter.body)?.[0]
      if (letter.recipient === recipient && link) return link.replace(/^https?:\/\/[^/]+/, '')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`no letter came to ${recipient}`)
}

export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

let written = 0
/** A text that nobody else writes. */
export const someText = () => `text ${++written} ${Date.now()}`

export const field = (page: Page, number: number) =>
  page.locator('attempt-form fieldset').nth(number).getByRole('textbox')

export async function write(page: Page, number: number, text: string): Promise<void> {
  await field(page, number).fill(text)
  await field(page, number).blur()
}

/** Waits until the page says how safe the work is. */
export const says = (page: Page, text: string) =>
  page
    .locator('[data-keeping] > :not([hidden])')
    .filter({ hasText: text })
    .waitFor({ state: 'visible' })
export const saysSaved = (page: Page) => says(page, 'Saved.')

/** How many entries the browser itself still holds. */
export const heldIn = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const asked = indexedDB.open('colonnade-outbox')
        asked.onerror = () => reject(asked.error)
        asked.onsuccess = () => {
          const count = asked.result.transaction('held').objectStore('held').count()
          count.onsuccess = () => {
            asked.result.close()
            resolve(count.result)
          }
        }
      }),
  )
