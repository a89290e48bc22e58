import { expect } from 'vitest'
import { eventually } from './colonnade.ts'
import {
  everySection,
  look,
  pageBudget,
  type SectionOwner,
  type Seen,
  sectionsInAll,
  sectionsOf,
} from './course-page.ts'
import type { Parts } from './fixture.ts'

/** The page with everything on it, current, with its copies kept, and no word of anything away. */
export async function whole(parts: Parts): Promise<void> {
  await eventually(async () => {
    await parts.change()
    const before = await parts.failures()
    const seen = await look(parts.proxy.url)
    expect([seen.status, seen.sections, seen.away]).toEqual([200, everySection, 0])
    expect(await parts.failures()).toBe(before)
    expect(parts.copies()).toBeGreaterThanOrEqual(sectionsInAll)
    expect(parts.knowsCourse()).toBe(true)
  })
}

/**
 * Looks a few times and takes the quickest: the page keeps its time, this machine need not. Five failures open a
 * circuit, so up to four looks are real ones.
 */
async function quickest(prepare: () => Promise<void>, url: () => string): Promise<Seen[]> {
  const seen: Seen[] = []
  for (let tries = 0; tries < 4; tries++) {
    await prepare()
    seen.push(await look(url()))
    if (seen.some(({ ms }) => ms <= pageBudget)) break
  }
  expect(Math.min(...seen.map(({ ms }) => ms))).toBeLessThanOrEqual(pageBudget)
  return seen
}

/** While a service suffers: with its copies nobody notices. */
export async function standsWarm(parts: Parts): Promise<void> {
  const before = await parts.failures()
  for (const seen of await quickest(
    () => parts.change(),
    () => parts.proxy.url,
  )) {
    expect([seen.status, seen.sections, seen.away]).toEqual([200, everySection, 0])
  }
  // Else the fault was none, and the page proved nothing. A copy does not wait for what is late to fail.
  await eventually(async () => expect(await parts.failures()).toBeGreaterThan(before))
}

/** Without copies its sections say that they are away, and all others are there. */
export async function standsCold(parts: Parts, services: readonly SectionOwner[]): Promise<void> {
  const prepare = async () => {
    for (const service of services) await parts.forget(service)
  }
  const missing: string[] = services.flatMap((service) => [...sectionsOf[service]])
  for (const seen of await quickest(prepare, () => parts.proxy.url)) {
    expect(seen.status).toBe(200)
    expect(seen.sections).toEqual(everySection.filter((id) => !missing.includes(id)))
    expect(seen.away).toBe(missing.length)
  }
}
