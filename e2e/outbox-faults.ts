import type { Page, Route } from 'playwright-core'
import type { World } from './outbox-world.ts'

/** Where a page sends what was done. */
export const log = '**/api/enrolments/*/log'

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

export const problem =
  (status: number, headers: Record<string, string> = {}) =>
  (route: Route) =>
    route.fulfill({ status, headers, contentType: 'application/problem+json', body: '{}' })

/** What is broken in front of a page, and how it is mended where it does not mend by itself. */
export type Fault = {
  what: string
  break(page: Page, world: World): Promise<void>
  mend?(page: Page, world: World): Promise<void>
}

export const faults: readonly Fault[] = [
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
    break: (_, world) => world.kill(),
    mend: (_, world) => world.restart(),
  },
]
