import type { Role } from './person.ts'

/**
 * What somebody may let a program do in their name: `reviews:write` is writing at the service reviews. Only who has the role
 * may hand it out, and only as long as they have it.
 */
export type Scope = { name: string; role: Role }

/** How API tokens begin, so that they are known when they turn up where they should not. */
export const apiTokenPrefix = 'clnd_'
const apiToken = new RegExp(`^Bearer (${apiTokenPrefix}[\\w-]{1,200})$`)

/** The personal API token that an `Authorization` header carries; undefined for the operator's, or none. */
export function apiTokenOf(authorization: string | null | undefined): string | undefined {
  return authorization ? apiToken.exec(authorization)?.[1] : undefined
}
