import { type Backend, createTrust, mountInternals, mountPersonalData } from '@colonnade/http'
import { Hono } from 'hono'

/**
 * Another service that keeps something of people, by the contract that all share: a note for each. It may be away.
 * @param trust the secret of the installation
 */
export function openKeeper(name: string, secret = 'secret') {
  const app = new Hono()
  const notes = new Map<string, string>()
  const asked: { person: string; key: string }[] = []
  const answered = new Map<string, string[]>()
  let isAway = false
  mountInternals(app, { trust: createTrust(secret), openApi: () => ({}), ready: async () => {} })
  mountPersonalData(app, {
    async exportPerson(person) {
      const note = notes.get(person)
      if (note === undefined) return null
      const files = [{ name: 'note.txt', path: `/internal/notes/${person}` }]
      return { data: { note }, files }
    },
    async erasePerson(person, { key }) {
      asked.push({ person, key })
      const erased = answered.get(key) ?? (notes.delete(person) ? [`A note in ${name}.`] : [])
      answered.set(key, erased)
      const kept = erased.map(() => ({ what: `A number in ${name}.`, why: 'Others count on it.' }))
      return { erased, kept }
    },
  })
  app.get('/internal/notes/:person', (c) => c.text(notes.get(c.req.param('person')) ?? ''))
  const backend: Backend = {
    async fetch(path, init) {
      if (isAway) throw new TypeError('fetch failed')
      return await app.fetch(new Request(`http://${name}${path}`, init))
    },
  }
  return {
    notes,
    asked,
    backend,
    away(now: boolean) {
      isAway = now
    },
  }
}
