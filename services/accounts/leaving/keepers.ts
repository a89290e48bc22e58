import { type PersonalData, personalDataClient, type ServiceContext } from '@colonnade/http'
import type { MessageId, Translator } from '@colonnade/ui'

/** So long may a service take to gather what it keeps, or to forget it: less than a page waits. */
const budget = 8000

/** The services that keep something of people, each as accounts talks to it. */
export type Keepers = ReadonlyMap<string, ReturnType<typeof personalDataClient>>

export function keepersOf({ keepers = [], peer, trust }: ServiceContext): Keepers {
  return new Map(
    keepers.map((name) => [
      name,
      personalDataClient({ fetch: (path, init) => peer(name).fetch(path, init) }, trust, budget),
    ]),
  )
}

/** What each of them keeps of a person; those that did not answer are `missing`. */
export async function askAll(
  keepers: Keepers,
  person: string,
): Promise<{ parts: Map<string, PersonalData>; missing: string[] }> {
  const parts = new Map<string, PersonalData>()
  const missing: string[] = []
  const asked = [...keepers].map(async ([name, keeper]) => {
    try {
      const part = await keeper.exportPerson(person)
      if (part) parts.set(name, part)
    } catch {
      missing.push(name)
    }
  })
  await Promise.all(asked)
  return { parts, missing: missing.sort() }
}

const names: Record<string, MessageId> = {
  accounts: 'data.part.accounts',
  media: 'data.part.media',
  reviews: 'data.part.reviews',
  learning: 'data.part.learning',
}

/** What people call the part of a service. */
export function partName(service: string, { t }: Translator): string {
  const id = names[service]
  return id ? t(id) : service
}
