import { ping } from '@colonnade/db'
import { Api, mountInternals, type ServiceDefinition } from '@colonnade/http'

/** Who learns what: enrolments, the log of their work, grades and certificates. */
export const learning: ServiceDefinition = {
  name: 'learning',
  routes: [],
  fragments: {},
  migrations: import.meta.glob<string>('./migrations/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  open({ db, trust, operatorToken }) {
    const api = new Api(operatorToken)
    mountInternals(api.app, { trust, openApi: () => api.openApi(), ready: () => ping(db) })
    return { app: api.app, ready: () => ping(db) }
  },
}
