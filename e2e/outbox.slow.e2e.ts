import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults, log, problem } from './outbox-faults.ts'
import {
  field,
  heldIn,
  openWorld,
  says,
  saysSaved,
  signIn,
  someText,
  type World,
  write,
} from './outbox-world.ts'

const hour = 3_600_000

let world: World
beforeAll(async () => {
  world = await openWorld()
}, 240_000)
afterAll(() => world?.close())

const clocks = [
  { clock: 'a right clock', offMs: 0 },
  { clock: 'a clock a day ahead', offMs: 24 * hour },
  { clock: 'a clock a day behind', offMs: -24 * hour },
]

describe.each(clocks)('with $clock', ({ offMs }) => {
  test.each(faults)('$what', async ({ break: breakIt, mend }) => {
    const { page, close } = await world.open()
    await page.addInitScript((off) => {
      const now = Date.now
      Date.now = () => now() + off
    }, offMs)
    await page.goto(world.exam)
    const texts = [someText(), someText(), someText()]
    await breakIt(page, world)
    for (const [number, text] of texts.entries()) await write(page, number, text)
    if (mend) {
      // Whatever comes of it, the next schedule finds everything well.
      try {
        await says(page, 'Kept on this device.')
        expect(await heldIn(page)).toBe(texts.length)
      } finally {
        await mend(page, world)
      }
    }
    await saysSaved(page)
    await world.arrivedOnce(page, texts)
    await close()
  })
})

test('a tab that is closed without network leaves its work to the next', async () => {
  const { context, page, close } = await world.open()
  await page.goto(world.exam)
  const text = someText()
  await context.setOffline(true)
  await write(page, 0, text)
  await says(page, 'Kept on this device.')
  await page.close()
  await context.setOffline(false)
  const next = await context.newPage()
  await next.goto(world.exam)
  await expect.poll(() => field(next, 0).inputValue()).toBe(text)
  await expect.poll(() => heldIn(next), { timeout: 20_000 }).toBe(0)
  await world.arrivedOnce(next, [text])
  await close()
})

test('what was typed in the last moment before the tab is closed is there', async () => {
  const { context, page, close } = await world.open()
  await page.goto(world.exam)
  const text = someText()
  await field(page, 0).fill(text)
  await page.close({ runBeforeUnload: true })
  const next = await context.newPage()
  await next.goto(world.exam)
  await expect.poll(() => world.timesInLog(next, [text]), { timeout: 20_000 }).toEqual([1])
  await expect.poll(() => heldIn(next), { timeout: 20_000 }).toBe(0)
  await close()
})

test('a session that ends keeps the work, and signing in saves it', async () => {
  const { context, page, close } = await world.open()
  await page.goto(world.exam)
  await context.clearCookies()
  const text = someText()
  await write(page, 0, text)
  await says(page, 'Sign in to save it.')
  await page.getByRole('link', { name: 'Sign in to save it.' }).click()
  await signIn(page, 'ada@example.org')
  await page.locator('attempt-form').waitFor()
  await expect.poll(() => field(page, 0).inputValue()).toBe(text)
  await expect.poll(() => heldIn(page), { timeout: 20_000 }).toBe(0)
  await world.arrivedOnce(page, [text])
  await close()
})

test('somebody else who signs in in the same browser sends nothing of it', async () => {
  const { context, page, close } = await world.open()
  await page.goto(world.exam)
  await context.clearCookies()
  await context.addCookies(world.bea)
  const text = someText()
  await write(page, 0, text)
  await says(page, 'Somebody else is signed in')
  const other = await context.newPage()
  await other.goto(world.lesson)
  await other.waitForLoadState('networkidle')
  expect(await heldIn(other)).toBe(1)
  await context.clearCookies()
  await context.addCookies(world.ada)
  await page.bringToFront()
  await page.reload()
  await expect.poll(() => heldIn(page), { timeout: 20_000 }).toBe(0)
  await world.arrivedOnce(page, [text])
  await close()
})

test('two tabs of a browser send everything once', async () => {
  const { context, page, close } = await world.open()
  const second = await context.newPage()
  await page.goto(world.exam)
  await second.goto(world.exam)
  await context.setOffline(true)
  const texts = [someText(), someText()]
  await write(page, 0, texts[0] ?? '')
  await write(second, 1, texts[1] ?? '')
  await context.setOffline(false)
  await saysSaved(page)
  await saysSaved(second)
  await world.arrivedOnce(page, texts)
  await close()
})

test('two devices that answer differently are shown both versions', async () => {
  const one = await world.open()
  const two = await world.open()
  await one.page.goto(world.exam)
  await two.page.goto(world.exam)
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
  const { page, close } = await world.open()
  await page.goto(world.exam)
  const texts = [someText(), someText()]
  await page.route(log, (route) =>
    (route.request().postData() ?? '').includes(texts[0] ?? '')
      ? problem(422)(route)
      : route.continue(),
  )
  await write(page, 0, texts[0] ?? '')
  await write(page, 1, texts[1] ?? '')
  await says(page, 'A part of your work could not be read')
  await expect.poll(() => world.timesInLog(page, texts)).toEqual([0, 1])
  expect(await heldIn(page)).toBe(1)
  await close()
})

test('an answer that fits nothing is stored, and said not to count', async () => {
  const { page, close } = await world.open()
  await page.goto(world.exam)
  const text = someText()
  await page.route(log, (route) => {
    const asked = route.request().postData() ?? ''
    return route.continue({ postData: asked.replace(/"question":"[^"]+"/g, '"question":"gone"') })
  })
  await write(page, 0, text)
  await says(page, 'A part of your work is stored but does not count')
  expect(await world.timesInLog(page, [text])).toEqual([1])
  expect(await heldIn(page)).toBe(0)
  await close()
})

test('a browser whose storage is closed says so, and sends all the same', async () => {
  const { context, page, close } = await world.open()
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('closed', 'SecurityError')
    }
  })
  await page.goto(world.exam)
  await context.setOffline(true)
  const text = someText()
  await write(page, 0, text)
  await says(page, 'This browser cannot keep anything')
  await context.setOffline(false)
  await expect.poll(() => world.timesInLog(page, [text])).toEqual([1])
  await page.locator('[data-when=saved]').waitFor({ state: 'visible' })
  await close()
})

test('a lesson is done, noted in, checked and left without network, and nothing is lost', async () => {
  const { context, page, close } = await world.open()
  await page.goto(world.lesson)
  await page.getByRole('button', { name: 'Mark this lesson as done' }).waitFor()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Mark this lesson as done' }).click()
  await page.locator('note-margin summary').click()
  const note = someText()
  await page.getByLabel('Note to yourself').fill(note)
  await page.getByRole('button', { name: 'Keep note' }).click()
  await says(page, 'Kept on this device.')
  await context.setOffline(false)
  await saysSaved(page)
  await page.reload()
  await page.getByText('Done.', { exact: true }).waitFor()
  await page.locator('note-margin summary').click()
  await page.getByText(note).waitFor()
  await close()
})

test('handed in without network, it is handed in as soon as there is one', async () => {
  const { context, page, close } = await world.open()
  await page.goto(world.exam)
  const text = someText()
  await context.setOffline(true)
  await write(page, 0, text)
  await page.getByRole('button', { name: 'Submit' }).click()
  await says(page, 'Submitted on this device.')
  await context.setOffline(false)
  await expect.poll(() => page.locator('attempt-form').count(), { timeout: 20_000 }).toBe(0)
  expect(await world.timesInLog(page, [text])).toEqual([1])
  await close()
})

test('what was read and answered before there was an account is taken along', async () => {
  const { context, page, close } = await world.open([])
  await page.goto(world.lesson)
  await page.getByLabel('Your answer').fill('easy')
  await page.getByRole('button', { name: 'Check your answers' }).click()
  await page.locator('[data-total]').waitFor()
  await page.locator('lesson-place').scrollIntoViewIfNeeded()
  await context.addCookies(world.bea)
  await page.goto(world.enrol)
  await page.getByRole('button', { name: 'Enrol' }).click()
  await page.waitForURL(/\/my\/courses\//)
  await page.goto(world.lesson)
  await page.locator('learner-here [data-lesson]').waitFor()
  const typesIn = async () => {
    const { items } = await (await page.request.get('/api/enrolments')).json()
    const answer = await page.request.get(`/api/enrolments/${items[0].id}/log`)
    const { entries } = await answer.json()
    return entries.map((entry: { type: string }) => entry.type)
  }
  await expect.poll(typesIn, { timeout: 20_000 }).toEqual(expect.arrayContaining(['check', 'done']))
  await page.reload()
  await page.getByText('Done.', { exact: true }).waitFor()
  await close()
})
