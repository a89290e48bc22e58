import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { overflowOf, violationsOf } from './complaints.ts'
import { linkTo } from './letters.ts'
import { own } from './pages.ts'

const openTab = browserForFile()
const password = 'three columns and a beam'
const slug = 'reasoning-about-chance'
const mine = `/my/courses/${slug}`

/** How somebody uses a page: with the keyboard alone, or by a pointer where no script runs. */
type Hands = {
  follow(target: Locator): Promise<void>
  write(field: Locator, text: string): Promise<void>
}

/** Nothing is focused but by Tab, and nothing pressed but by keys. */
function keyboard(page: Page): Hands {
  const reach = async (target: Locator) => {
    for (let tabs = 0; tabs < 300; tabs++) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${target}`)
  }
  return {
    async follow(target) {
      await reach(target)
      await page.keyboard.press('Enter')
    },
    async write(field, text) {
      await reach(field)
      await page.keyboard.type(text)
    },
  }
}

const pointer: Hands = {
  follow: async (target) => await target.click(),
  write: async (field, text) => await field.fill(text),
}

/** Signs up on the way to a course, and comes back to it. */
async function enrol(page: Page, { follow, write }: Hands, email: string): Promise<void> {
  await page.goto(`/enrol/${slug}`)
  await follow(page.getByRole('main').getByRole('link', { name: 'Make an account' }))
  await page.waitForURL(/\/sign-up\?next=/)
  await write(page.getByLabel('Name'), 'Ada Learner')
  await write(page.getByLabel('E-mail address'), email)
  await write(page.getByLabel('Password'), password)
  await follow(page.getByRole('button', { name: 'Make an account' }))
  await page.getByText('A mail is on its way to you.').waitFor()
  await page.goto(await linkTo(email))
  await follow(page.getByRole('button', { name: 'Confirm and go on' }))
  await page.waitForURL(new RegExp(`/enrol/${slug}$`))
  await follow(page.getByRole('button', { name: 'Enrol', exact: true }))
  await page.waitForURL(new RegExp(`${mine}$`))
}

/** Answers whatever was drawn: what is written is written, of choices the first one is taken. */
async function answerAll(page: Page, { write }: Hands): Promise<void> {
  for (const field of await page.locator('[data-question] input[type=text]').all()) {
    await write(field, '1')
  }
}

describe.skipIf(!own).each([
  { scripts: true, how: 'by keyboard alone', options: {} },
  {
    scripts: false,
    how: 'without JavaScript, on a phone',
    options: { viewport: { width: 360, height: 740 } },
  },
])('$how', ({ scripts, options }) => {
  test('enrol, take a quiz, hand in an essay with a file, read the grade', async () => {
    const tab = await openTab({ ...options, javaScriptEnabled: scripts })
    const { page, complaints } = tab
    const hands = scripts ? keyboard(page) : pointer
    const { follow, write } = hands
    await enrol(page, hands, `learner-${scripts}@example.org`)

    await follow(page.getByRole('main').getByRole('link', { name: 'Halfway' }))
    await page.getByText('You have 30 min.').waitFor()
    await page.getByText('You have 3 attempts left.').waitFor()
    await follow(page.getByRole('button', { name: 'Start' }))
    // With scripts the time runs; without, it stands as it was when the page was made.
    await page.locator('[data-time-left]').waitFor()
    expect(await page.locator('[data-question]').count()).toBe(6)
    await answerAll(page, hands)
    await follow(page.getByRole('button', { name: 'Submit' }))
    await page.getByRole('heading', { name: 'Attempt 1' }).waitFor()
    await page
      .getByText(/of 12 points\./)
      .first()
      .waitFor()
    await page.getByText('You have 2 attempts left.').waitFor()

    await follow(page.getByRole('link', { name: 'Reasoning about Chance' }).first())
    await page.waitForURL(new RegExp(`${mine}$`))
    await follow(page.getByRole('main').getByRole('link', { name: 'A decision of your own' }))
    await follow(page.getByRole('button', { name: 'Start' }))
    await write(page.getByLabel('Your answer'), 'A baker may hire a tent.')
    // A dialogue of the operating system is out of reach of both hands.
    await page.getByLabel('Add files').setInputFiles({
      name: 'rain.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('may,0.31'),
    })
    await follow(page.getByRole('button', { name: 'Save' }))
    await page.getByText('Your answers are saved.').waitFor()
    await page.getByRole('link', { name: 'rain.csv' }).waitFor()
    await follow(page.getByRole('button', { name: 'Submit' }))
    await page.getByRole('heading', { name: 'Attempt 1' }).waitFor()
    await page.getByText('A baker may hire a tent.').waitFor()
    await page.getByText('Waiting for your teacher.').waitFor()

    await page.goto(`${mine}/grade`)
    await page.getByText('1 answer waits for your teacher.').waitFor()
    await page.getByText('This group is 60% of the grade.').waitFor()
    await page.goto(mine)
    await follow(page.getByRole('button', { name: /^Mark as done/ }).first())
    await page.getByText('1 of 9 lessons done').waitFor()
    await page.goto('/my')
    await page.getByText('1 of 9 lessons done').waitFor()
    expect(complaints).toEqual([])
    await tab.close()
  })
})

describe.skipIf(!own).each<BrowserContextOptions & { name: string }>([
  { name: 'a phone, dark', viewport: { width: 320, height: 740 }, colorScheme: 'dark' },
  { name: 'a desk, light', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
])('on $name', ({ name, ...options }) => {
  test('axe, the policy and the console are silent on every page of a learner', async () => {
    const { page, complaints, close } = await openTab(options)
    await page.goto('/my')
    const look = async (path: string) => {
      await page.goto(path)
      expect([path, await violationsOf(page)]).toEqual([path, []])
      expect([path, await overflowOf(page)]).toEqual([path, []])
    }
    await look(`/enrol/${slug}`)
    await enrol(page, pointer, `${name.replaceAll(/\W+/g, '-')}@example.org`)
    await page.goto(mine)
    const paths = await Promise.all(
      ['Halfway', 'A decision of your own'].map((title) =>
        page.getByRole('main').getByRole('link', { name: title }).getAttribute('href'),
      ),
    )
    for (const path of ['/my', mine, ...paths]) await look(path ?? '')
    for (const path of paths) {
      await page.goto(path ?? '')
      await page.getByRole('button', { name: 'Start' }).click()
      await page.getByRole('button', { name: 'Submit' }).waitFor()
      await look(path ?? '')
      await page.getByRole('button', { name: 'Submit' }).click()
      await page.getByRole('heading', { name: 'Attempt 1' }).waitFor()
      await look(page.url())
    }
    await page.goto('/my')
    await page.getByRole('button', { name: 'Make an address for my calendar' }).click()
    await page.getByRole('link', { name: /\.ics$/ }).waitFor()
    for (const path of ['/my', mine, `${mine}/grade`, `/es${mine}/grade`]) await look(path)
    expect(complaints).toEqual([])
    await close()
  })
})
