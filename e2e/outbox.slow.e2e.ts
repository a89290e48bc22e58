import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from '@colonnade/testing/browser'
import { freePort } from '@colonnade/testing/free-port'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  makeDataFolder,
  ownSettings,
  type Running,
  removeDataFolder,
  runColonnade,
} from './installation.ts'
import { importExam } from './outbox-course.ts'

const data = makeDataFolder()
const settings = ownSettings(data)
const password = 'three columns and a beam'
const log = '**/api/enrolments/*/log'
const hour = 3_600_000

let server: Running
let browser: Browser
let course: string
/** Cookies of the two who learn. */
let ada: Cookies
let bea: Cookies
let enrolment: string
/** Paths of the lesson and of its exam. */
let lesson: string
let exam: string
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

beforeAll(async () => {
  settings.PORT = String(await freePort())
  server = await runColonnade(['start'], settings)
  browser = await openBrowser()
  course = await importExam({ ...settings, COLONNADE_URL: server.url })
  ada = await signUp('ada@example.org')
  bea = await signUp('bea@example.org')
  const { page, close } = await open()
  await page.goto(`/enrol/${course}`)
  await page.getByRole('button', { name: 'Enrol' }).click()
  await page.waitForURL(/\/my\/courses\//)
  const main = page.getByRole('main')
  lesson = (await main.locator('a[href*="/lessons/"]').first().getAttribute('href')) ?? ''
  exam = (await main.locator('a[href*="/items/"]').first().getAttribute('href')) ?? ''
  await page.goto(exam)
  await page.getByRole('button', { name: 'Start' }).click()
  await page.locator('attempt-form').waitFor()
  enrolment = (await page.locator('attempt-form').getAttribute('data-enrolment')) ?? ''
  await close()
}, 240_000)

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  removeDataFolder(data)
})

async function open(cookies: Cookies = ada) {
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
  await page.goto(await linkTo(email))
  await page.getByRole('button', { name: 'Confirm and go on' }).click()
  await page.waitForURL(/\/account$/)
  const cookies = await context.cookies()
  await close()
  return cookies
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The path of the link in the letter to somebody: with no mail server they lie in a folder. */
async function linkTo(recipient: string): Promise<string> {
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

let written = 0
/** A text that nobody else writes. */
const someText = () => `text ${++written} ${Date.now()}`

const field = (page: Page, number: number) =>
  page.locator('attempt-form fieldset').nth(number).getByRole('textbox')

async function write(page: Page, number: number, text: string): Promise<void> {
  await field(page, number).fill(text)
  await field(page, number).blur()
}

const says = (page: Page, text: string) =>
  page.locator('[data-keeping]').getByText(text).waitFor({ state: 'visible' })
const saysSaved = (page: Page) => says(page, 'Saved.')

/** How often each text is in the learner's log. */
async function timesInLog(page: Page, texts: readonly string[]): Promise<number[]> {
  const answers: string[] = []
  for (let after = ''; ; ) {
    const answer = await page.request.get(`/api/enrolments/${enrolment}/log${after}`)
    const body = await answer.json()
    for (const entry of body.entries) answers.push(entry.data?.answer)
    if (!body.more) break
    after = `?after=${body.next}`
  }
  return texts.map((text) => answers.filter((one) => one === text).length)
}

/** How many entries the browser itself still holds. */
const heldIn = (page: Page) =>
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

async function arrivedOnce(page: Page, texts: readonly string[]): Promise<void> {
  expect(await timesInLog(page, texts)).toEqual(texts.map(() => 1))
  expect(await heldIn(page)).toBe(0)
}

/** Does something to the first requests to the log, and lets the others pass. */
async function firstRequests(
  page: Page,
  count: number,
  handle: (route: Route) => Promise<unknown>,
): Promise<void> {
  let left = count
  await page.route(log, async (route) => {
    left -= 1
    await (left >= 0 ? handle(route) : route.continue())
  })
}

const problem =
  (status: number, headers: Record<string, string> = {}) =>
  (route: Route) =>
    route.fulfill({ status, headers, contentType: 'application/problem+json', body: '{}' })

type Fault = { what: string; break(page: Page): Promise<void>; mend?(page: Page): Promise<void> }

const faults: Fault[] = [
  {
    what: 'the network is gone for a while',
    break: (page) => page.context().setOffline(true),
    mend: (page) => page.context().setOffline(false),
  },
  {
    what: 'requests are dropped',
    break: (page) => firstRequests(page, 2, (route) => route.abort('connectionreset')),
  },
  {
    what: 'the answer is cut off after the commit',
    break: (page) =>
      firstRequests(page, 1, async (route) => {
        await route.fetch()
        await route.abort('connectionreset')
      }),
  },
  {
    what: 'requests arrive twice',
    break: (page) =>
      firstRequests(page, 2, async (route) => {
        await route.fetch()
        await route.continue()
      }),
  },
  {
    what: 'the server is overloaded',
    break: (page) => firstRequests(page, 2, problem(503, { 'Retry-After': '1' })),
  },
  {
    what: 'another page answers in the server’s place',
    break: (page) =>
      firstRequests(page, 1, (route) =>
        route.fulfill({ status: 200, contentType: 'text/html', body: '<p>Welcome to our network' }),
      ),
  },
  {
    what: 'the server is killed and comes back',
    break: () => server.stop('SIGKILL'),
    async mend() {
      server = await runColonnade(['start'], settings)
    },
  },
]

const clocks = [
  { clock: 'a right clock', offMs: 0 },
  { clock: 'a clock a day ahead', offMs: 24 * hour },
  { clock: 'a clock a day behind', offMs: -24 * hour },
]

describe.each(clocks)('with $clock', ({ offMs }) => {
  test.each(faults)('$what', async ({ break: breakIt, mend }) => {
    const { page, close } = await open()
    await page.addInitScript((off) => {
      const now = Date.now
      Date.now = () => now() + off
    }, offMs)
    await page.goto(exam)
    const texts = [someText(), someText(), someText()]
    await breakIt(page)
    for (const [number, text] of texts.entries()) await write(page, number, text)
    if (mend) {
      await says(page, 'Kept on this device.')
      expect(await heldIn(page)).toBe(texts.length)
      await mend(page)
    }
    await saysSaved(page)
    await arrivedOnce(page, texts)
    await close()
  })
})

test('a tab that is closed without network leaves its work to the next', async () => {
  const { context, page, close } = await open()
  await page.goto(exam)
  const text = someText()
  await context.setOffline(true)
  await write(page, 0, text)
  await says(page, 'Kept on this device.')
  await page.close()
  await context.setOffline(false)
  const next = await context.newPage()
  await next.goto(exam)
  expect(await field(next, 0).inputValue()).toBe(text)
  await expect.poll(() => heldIn(next), { timeout: 20_000 }).toBe(0)
  await arrivedOnce(next, [text])
  await close()
})

test('what was typed in the last moment before the tab is closed is there', async () => {
  const { context, page, close } = await open()
  await page.goto(exam)
  const text = someText()
  await field(page, 0).fill(text)
  await page.close({ runBeforeUnload: true })
  const next = await context.newPage()
  await next.goto(exam)
  await expect.poll(() => heldIn(next), { timeout: 20_000 }).toBe(0)
  expect(await timesInLog(next, [text])).toEqual([1])
  await close()
})

test('a session that ends keeps the work, and signing in saves it', async () => {
  const { context, page, close } = await open()
  await page.goto(exam)
  await context.clearCookies()
  const text = someText()
  await write(page, 0, text)
  await says(page, 'Sign in to save it.')
  await page.getByRole('link', { name: 'Sign in to save it.' }).click()
  await signIn(page, 'ada@example.org')
  await page.locator('attempt-form').waitFor()
  expect(await field(page, 0).inputValue()).toBe(text)
  await expect.poll(() => heldIn(page), { timeout: 20_000 }).toBe(0)
  await arrivedOnce(page, [text])
  await close()
})

test('somebody else who signs in in the same browser sends nothing of it', async () => {
  const { context, page, close } = await open()
  await page.goto(exam)
  await context.clearCookies()
  await context.addCookies(bea)
  const text = someText()
  await write(page, 0, text)
  await says(page, 'Somebody else is signed in')
  const other = await context.newPage()
  await other.goto(lesson)
  await other.waitForLoadState('networkidle')
  expect(await heldIn(other)).toBe(1)
  await context.clearCookies()
  await context.addCookies(ada)
  await page.bringToFront()
  await page.reload()
  await expect.poll(() => heldIn(page), { timeout: 20_000 }).toBe(0)
  await arrivedOnce(page, [text])
  await close()
})

test('two tabs of a browser send everything once', async () => {
  const { context, page, close } = await open()
  const second = await context.newPage()
  await page.goto(exam)
  await second.goto(exam)
  await context.setOffline(true)
  const texts = [someText(), someText()]
  await write(page, 0, texts[0] ?? '')
  await write(second, 1, texts[1] ?? '')
  await context.setOffline(false)
  await saysSaved(page)
  await saysSaved(second)
  await arrivedOnce(page, texts)
  await close()
})

test('two devices that answer differently are shown both versions', async () => {
  const one = await open()
  const two = await open()
  await one.page.goto(exam)
  await two.page.goto(exam)
  const texts = [someText(), someText()]
  await write(one.page, 2, texts[0] ?? '')
  await saysSaved(one.page)
  await write(two.page, 2, texts[1] ?? '')
  await saysSaved(two.page)
  const versions = two.page.locator('[data-conflict]')
  await versions.getByText(texts[0] ?? '').waitFor()
  await versions.getByText(texts[1] ?? '').waitFor()
  await versions
    .getByRole('listitem')
    .filter({ hasText: texts[0] ?? '' })
    .getByRole('button', { name: 'Take this answer' })
    .click()
  await expect.poll(() => field(two.page, 2).inputValue()).toBe(texts[0])
  expect(await two.page.locator('[data-conflict]').count()).toBe(0)
  await one.close()
  await two.close()
})

test('one answer that the server cannot read holds up none of the others', async () => {
  const { page, close } = await open()
  await page.goto(exam)
  const texts = [someText(), someText()]
  await page.route(log, (route) =>
    (route.request().postData() ?? '').includes(texts[0] ?? '')
      ? problem(422)(route)
      : route.continue(),
  )
  await write(page, 0, texts[0] ?? '')
  await write(page, 1, texts[1] ?? '')
  await says(page, 'A part of your work could not be read')
  await expect.poll(() => timesInLog(page, texts)).toEqual([0, 1])
  expect(await heldIn(page)).toBe(1)
  await close()
})

test('a browser whose storage is closed says so, and sends all the same', async () => {
  const { context, page, close } = await open()
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('closed', 'SecurityError')
    }
  })
  await page.goto(exam)
  await context.setOffline(true)
  const text = someText()
  await write(page, 0, text)
  await says(page, 'This browser cannot keep anything')
  await context.setOffline(false)
  await saysSaved(page)
  expect(await timesInLog(page, [text])).toEqual([1])
  await close()
})

test('a lesson is done, noted in, checked and left without network, and nothing is lost', async () => {
  const { context, page, close } = await open()
  await page.goto(lesson)
  await page.getByRole('button', { name: 'Mark this lesson as done' }).waitFor()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Mark this lesson as done' }).click()
  await page.getByText('Notes').click()
  const note = someText()
  await page.getByLabel('Note to yourself').fill(note)
  await page.getByRole('button', { name: 'Keep note' }).click()
  await says(page, 'Kept on this device.')
  await context.setOffline(false)
  await saysSaved(page)
  await page.reload()
  await page.getByText('Done.').waitFor()
  await page.getByText('Notes').click()
  await page.getByText(note).waitFor()
  await close()
})

test('handed in without network, it is handed in as soon as there is one', async () => {
  const { context, page, close } = await open()
  await page.goto(exam)
  const text = someText()
  await context.setOffline(true)
  await write(page, 0, text)
  await page.getByRole('button', { name: 'Submit' }).click()
  await says(page, 'Submitted on this device.')
  await context.setOffline(false)
  await page.getByText('Submitted', { exact: false }).first().waitFor()
  await expect.poll(() => page.locator('attempt-form').count(), { timeout: 20_000 }).toBe(0)
  expect(await timesInLog(page, [text])).toEqual([1])
  await close()
})
