import { randomBytes } from 'node:crypto'
import type { Person } from '@colonnade/http'
import type { Visit } from '@colonnade/personal'
import { nothingHere } from '../nothing-here.tsx'
import type { Pages } from '../open.ts'
import { itemPath } from '../paths.ts'
import { findCalendarOwner, putCalendar } from '../queries.ts'
import { listStandings, type Standing, stateOf } from '../standing.ts'
import { type CalendarEvent, writeCalendar } from './ics.ts'

/** Gives one's calendar an address, or another one. */
export async function makeCalendar({ db }: Pages, visit: Visit, person: Person) {
  await putCalendar(db.work, person.id, randomBytes(24).toString('base64url'))
  return visit.goTo('/my#calendar')
}

/** What is due for somebody and not handed in, to whoever knows the address: calendars do not sign in. */
export async function sendCalendar(pages: Pages, visit: Visit, file: string): Promise<Response> {
  const token = /^([\w-]{20,64})\.ics$/.exec(file)?.[1]
  const person = token && (await findCalendarOwner(pages.db.hot, token))
  if (!person) return nothingHere(visit)
  const standings = await listStandings(pages, person)
  const events = await Promise.all(standings.map((one) => eventsOf(pages, visit, one)))
  return new Response(writeCalendar(visit.t.t('learn.my.title'), events.flat()), {
    headers: {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Disposition': 'inline; filename="colonnade.ics"',
      'Cache-Control': 'private, no-cache',
      'X-Robots-Tag': 'noindex',
    },
  })
}

async function eventsOf(
  pages: Pages,
  { t, local }: Visit,
  standing: Standing,
): Promise<CalendarEvent[]> {
  const { enrolment, plan } = standing
  const { host } = new URL(pages.origin)
  const { items } = await stateOf(pages, standing)
  return items.flatMap(({ key, title, due, share }): CalendarEvent[] =>
    due === null || share !== null
      ? []
      : [
          {
            uid: `${enrolment.id}-${Buffer.from(key).toString('base64url')}@${host}`,
            at: new Date(due),
            stamp: enrolment.enrolledAt,
            summary: t.t('learn.calendar.event', { item: title }),
            description: plan.title,
            url: pages.origin + local(itemPath(plan.slug, key)),
          },
        ],
  )
}
