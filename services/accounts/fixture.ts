import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, migrate, openDatabase } from '@colonnade/db'
import {
  type Backend,
  createTrust,
  localBackend,
  type RunningService,
  type ServiceContext,
} from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { type DestinationStream, pino } from 'pino'
import { afterAll } from 'vitest'
import { accountsClient, clientHeader } from './contract.ts'
import { mailFolder } from './mail/folder.ts'
import { accounts } from './service.ts'

const origin = 'http://localhost:3000'
export const goodPassword = 'three columns and a beam'

/**
 * The service on a database of its own.
 * @param env as the operator would set it
 * @param logTo takes what is logged
 * @param peers the other services; those that are asked for what they keep of people are `keepers`
 */
export async function openAccounts(
  env: Record<string, string> = {},
  {
    peers = {},
    keepers = [],
    logTo,
  }: { peers?: Record<string, Backend>; keepers?: string[]; logTo?: DestinationStream } = {},
) {
  const { url } = await testDatabase('accounts', async (fresh) => {
    await migrate(fresh, 'accounts', accounts.migrations)
  })
  const db: Database = openDatabase({ url, name: 'accounts test' })
  const trust = createTrust('secret')
  const data = mkdtempSync(join(tmpdir(), 'accounts-'))
  const context: ServiceContext = {
    db,
    trust,
    operatorToken: 'operator-token-in-tests',
    scopes: [
      { name: 'account:read', role: 'learner' },
      { name: 'reviews:write', role: 'administrator' },
    ],
    // Not open yet when it is asked for.
    peer: (name) =>
      peers[name] ?? { fetch: (path, init) => localBackend(running).fetch(path, init) },
    keepers,
    nudge: () => {},
    log: logTo ? pino({ level: 'trace' }, logTo) : pino({ level: 'silent' }),
    data,
    env,
    assets: ['/assets/accounts/index.css'],
  }
  const running: RunningService = accounts.open(context)
  afterAll(async () => {
    await running.close?.()
    await db.close()
  })
  const get = async (path: string, init: RequestInit = {}) =>
    await running.app.fetch(new Request(origin + path, init))
  const folder = mailFolder(join(data, 'mail'))
  /** Waits for a letter to somebody that `is` accepts. @returns its body */
  const letter = async (recipient: string, is: (subject: string) => boolean = () => true) => {
    for (let i = 0; i < 200; i++) {
      const found = (await folder.list(1000)).find(
        (one) => one.recipient === recipient && is(one.subject),
      )
      if (found) return found.body
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`no letter came to ${recipient}`)
  }
  const linkIn = (body: string) => new URL(/https?:\S+/.exec(body)?.[0] ?? 'none:')
  const visitor = (client = '192.0.2.1') => openVisitor(get, client)
  return {
    db,
    context,
    running,
    get,
    folder,
    letter,
    linkIn,
    visitor,
    client: accountsClient(localBackend(running), trust),
    /** Somebody with an account, signed in. */
    async member(email: string, client?: string) {
      const one = visitor(client)
      await one.post('/sign-up', { name: 'Ada Example', email, password: goodPassword })
      const token =
        linkIn(await letter(email, (about) => about.startsWith('Confirm'))).searchParams.get(
          'token',
        ) ?? ''
      await one.post('/verify', { token })
      return one
    },
  }
}

/** A browser as far as it matters here: it keeps cookies, and sends forms from a page of ours. */
function openVisitor(get: (path: string, init?: RequestInit) => Promise<Response>, client: string) {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    headers.set(clientHeader, client)
    if (cookies.size > 0) {
      headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const answer = await get(path, { ...init, headers })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '' || /max-age=0/i.test(cookie)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    cookies,
    get: send,
    post: async (
      path: string,
      form: Record<string, string>,
      headers: Record<string, string> = {},
    ) =>
      await send(path, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { 'Sec-Fetch-Site': 'same-origin', ...headers },
      }),
    text: async (path: string) => await (await send(path)).text(),
    get session() {
      return cookies.get('colonnade.session_token') ?? ''
    },
  }
}
