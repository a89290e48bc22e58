import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserForFile, type Tab } from './browser.ts'
import { colonnade } from './installation.ts'
import { course, own, sections } from './pages.ts'

const openTab = browserForFile()
const faults = ['dead', 'hang', 'slow', 'error', 'garbage'] as const
const services = ['reviews', 'instructors', 'courses'] as const
const everySection = Object.values(sections).flat()

/** The one sentence that stands where a section is away. */
const sentences = {
  banner: 'The title is away for now.',
  about: 'The description is away for now.',
  syllabus: 'The contents are away for now.',
  instructors: 'The teachers are away for now.',
  'offered-by': 'Who offers this course is away for now.',
  testimonials: 'Testimonials are away for now.',
  reviews: 'Reviews are away for now.',
} as const

describe.skipIf(!own)('break and mend', () => {
  const settings = own ?? {}
  let tab: Tab

  beforeAll(async () => {
    tab = await openTab()
  })
  afterAll(async () => {
    await colonnade(['mend'], settings)
    await tab.close()
  })

  /** What a reader sees of the course page, reloaded. */
  async function look() {
    const response = await tab.page.goto(course)
    const ids = await tab.page
      .locator('main section[id]')
      .evaluateAll((all) => all.map((it) => it.id))
    return {
      status: response?.status(),
      cacheControl: response?.headers()['cache-control'],
      title: await tab.page.title(),
      sections: everySection.filter((id) => ids.includes(id)),
      text: await tab.page.locator('main').innerText(),
    }
  }

  test.each(services.flatMap((service) => faults.map((fault) => ({ service, fault }))))(
    '$service is broken ($fault): the page stands, one sentence says what is away; mended, it is back',
    async ({ service, fault }) => {
      expect((await look()).sections).toEqual(everySection)
      const said = await colonnade(['break', service, `--${fault}`, '--cold'], settings)
      expect(said).toContain(`${service} is broken now (${fault})`)
      const missing: readonly string[] = sections[service]
      const broken = await look()
      expect(broken.status).toBe(200)
      expect(broken.cacheControl).toBe('no-store')
      expect(broken.title).toContain('Reasoning about Chance')
      expect(broken.sections).toEqual(everySection.filter((id) => !missing.includes(id)))
      for (const id of sections[service]) expect(broken.text).toContain(sentences[id])

      await colonnade(['mend', service], settings)
      await expect
        .poll(async () => (await look()).sections, { timeout: 10_000, interval: 250 })
        .toEqual(everySection)
    },
  )

  test.each(faults)(
    'with its copies, nobody notices that reviews are broken (%s)',
    async (fault) => {
      await look()
      await colonnade(['break', 'reviews', `--${fault}`], settings)
      const broken = await look()
      expect(broken.status).toBe(200)
      expect(broken.sections).toEqual(everySection)
      expect(broken.text).not.toContain('away for now')
      await colonnade(['mend'], settings)
    },
  )

  test('a broken media service costs no page', async () => {
    await colonnade(['break', 'media', '--dead', '--cold'], settings)
    const broken = await look()
    expect([broken.status, broken.sections]).toEqual([200, everySection])
    await colonnade(['mend'], settings)
  })

  test('an unknown course is 404 while courses answers, 503 while it does not', async () => {
    // Each time another, because what was once found missing may be remembered for a moment.
    let asked = 0
    const status = async () => (await tab.page.goto(`/learn/no-such-course-${asked++}`))?.status()
    expect(await status()).toBe(404)
    await colonnade(['break', 'courses', '--dead', '--cold'], settings)
    expect(await status()).toBe(503)
    await colonnade(['mend'], settings)
    await expect.poll(status, { timeout: 10_000, interval: 250 }).toBe(404)
  })
})
