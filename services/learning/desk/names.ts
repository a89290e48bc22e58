import type { Pages } from '../pages/open.ts'

/** Names of people by their ids; those who are no more, and everybody while accounts is away, are left out. */
export async function namesOf(
  { accounts, log }: Pick<Pages, 'accounts' | 'log'>,
  rows: readonly { person: string }[],
): Promise<Map<string, string>> {
  const ids = [...new Set(rows.map(({ person }) => person))]
  const people = await accounts.listPeople(ids).catch((err: unknown) => {
    log.warn({ err }, 'learners are shown without their names')
    return []
  })
  return new Map(people.map(({ id, name }) => [id, name]))
}
