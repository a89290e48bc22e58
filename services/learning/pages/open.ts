import { type AccountsClient, accountsClient } from '@colonnade/accounts/contract'
import { type CoursesClient, coursesClient } from '@colonnade/courses/contract'
import { type Person, publicOriginOf, readPeople, type ServiceContext } from '@colonnade/http'
import type { Frame } from '@colonnade/personal'
import { openLog } from '../api/log.ts'
import { openStarts } from '../attempting.ts'
import type { Learning } from '../running.ts'
import { knownZone } from './when.tsx'

/** What the learner's pages are made with. */
export type Pages = Learning & {
  frame: Frame
  origin: string
  courses: CoursesClient
  accounts: AccountsClient
  addToLog: ReturnType<typeof openLog>
  start: ReturnType<typeof openStarts>
  /** Who asks, or nobody. */
  personOf(request: Request): Promise<Person | undefined>
  /** The time zone of a person's profile; UTC while accounts is away. */
  zoneOf(person: string): Promise<string>
}

export function openPages(context: ServiceContext, learning: Learning): Pages {
  const { trust, env, assets } = context
  const accounts = accountsClient(context.peer('accounts'), trust)
  const people = readPeople(context.peer('accounts'))
  return {
    ...learning,
    frame: { name: 'my', assets },
    origin: publicOriginOf(env),
    courses: coursesClient(context.peer('courses'), trust),
    accounts,
    addToLog: openLog(learning),
    start: openStarts(learning),
    personOf: (request) => people.of(request),
    async zoneOf(person) {
      const found = await accounts.listPeople([person]).catch(() => [])
      return knownZone(found[0]?.timeZone)
    },
  }
}
