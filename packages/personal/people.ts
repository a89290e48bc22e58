import type { People, Person, Role } from '@colonnade/http'
import { refused } from './refused.tsx'
import { askToSignIn, type Handle, type Visit } from './visit.ts'

/** A page for those who have a role; others are asked to sign in, or told that it is not theirs. */
export function onlyFor(
  people: People,
  anyOf: readonly Role[],
  handle: (
    visit: Visit,
    person: Person,
    params: Readonly<Record<string, string>>,
  ) => Response | Promise<Response>,
): Handle {
  return async (visit, params) => {
    const person = await people.of(visit.request)
    if (!person) return askToSignIn(visit)
    const may = anyOf.some((role) => person.roles.includes(role))
    return may ? await handle(visit, person, params) : refused(visit, 403)
  }
}
