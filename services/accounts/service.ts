import { join } from 'node:path'
import { ping } from '@colonnade/db'
import { Api, keysPath, mountInternals, readPeople, type ServiceDefinition } from '@colonnade/http'
import { mediaClient } from '@colonnade/media/contract'
import { mountInternal } from './api/internal.ts'
import { mountMe, reading } from './api/me.ts'
import { openAuth } from './auth.ts'
import { keepCookieSecret } from './cookie-secret.ts'
import { openErasures } from './leaving/erasures.ts'
import { keepersOf } from './leaving/keepers.ts'
import { openCarrier } from './mail/carriers.ts'
import { mailFolder } from './mail/folder.ts'
import { mailsBy } from './mail/letters.ts'
import { openPost } from './mail/post.ts'
import { openUnsubscribe } from './mail/unsubscribe.ts'
import { mountPages } from './pages/pages.ts'
import { personal } from './pages/paths.ts'
import type { Desk } from './pages/visit.ts'
import { openProviders } from './providers/providers.ts'
import { forgetEnded } from './queries/accounts.ts'
import { forgetApiTokens } from './queries/api-tokens.ts'
import { forgetErasures } from './queries/erasures.ts'
import { forgetMailKeys } from './queries/notices.ts'
import { forgetHalfSignIns } from './queries/second-factor.ts'
import { secondFactors } from './second-factor.ts'
import { readAccountsSettings } from './settings.ts'
import { openSigner, type Signer } from './tokens.ts'

const hour = 3_600_000

/** People: how they sign in, who they are to the other services, what they may do. */
export const accounts: ServiceDefinition = {
  name: 'accounts',
  routes: ['/api/me', keysPath],
  personal,
  scopes: [reading],
  fragments: {},
  migrations: import.meta.glob<string>('./migrations/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  // Mails that wait for the operator are nowhere else.
  files: (data) => mailFolder(join(data, 'mail')).files,
  open(context) {
    const { db, trust, log } = context
    const settings = readAccountsSettings(context.env)
    const folder = mailFolder(join(context.data, 'mail'))
    const post = openPost(db, openCarrier(settings, folder), (err) =>
      log.warn({ err }, 'a mail waits'),
    )
    const keepers = keepersOf(context)
    const erasures = openErasures({
      db,
      keepers,
      settings,
      folder,
      post,
      onError: (err, asked) => log.warn({ err, asked }, 'an erasure waits'),
    })
    const desk = once(async (): Promise<Desk & { signer: Signer }> => {
      const [secret, signer] = await Promise.all([keepCookieSecret(db), openSigner(db)])
      const mails = mailsBy(post, settings)
      const auth = openAuth({ db, secret, url: settings.url, mails })
      const unsubscribe = openUnsubscribe(secret)
      const media = mediaClient(context.peer('media'), trust)
      const sending = { folder, post, unsubscribe }
      const others = { media, keepers, erasures }
      const { assets, scopes = [] } = context
      return {
        ...{ db, auth, settings, ...sending, ...others, log, assets, scopes, signer },
        secondFactors: secondFactors(db.hot, secret, settings.siteName),
        providers: openProviders({ providers: settings.providers, key: secret, url: settings.url }),
        warn: (error, message) => log.warn({ why: whyOf(error) }, message),
      }
    })

    const people = readPeople(context.peer('accounts'))
    const api = new Api(context.operatorToken, people)
    mountMe(api, people, desk)
    mountInternals(api.app, { trust, openApi: () => api.openApi(), ready: () => ping(db) })
    mountInternal(api.app, db, desk)
    mountPages(api.app, desk)

    const forget = setInterval(() => {
      const forgotten = Promise.all([
        forgetEnded(db.work),
        forgetMailKeys(db.work),
        forgetErasures(db.work),
        forgetApiTokens(db.work),
        forgetHalfSignIns(db.work),
      ])
      forgotten.catch((err) => log.warn({ err }, 'what has ended was not removed'))
    }, hour)
    forget.unref()

    return {
      app: api.app,
      ready: () => ping(db),
      async close() {
        clearInterval(forget)
        await erasures.close()
        await post.close()
      },
    }
  },
}

/** An error's kind and words, and nothing that hangs on it: answers of providers hold tokens. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? ` ${String(error.code)}` : ''
  return `${error.name}${code}: ${error.message}`
}

/** Made when first asked for, so that a database that is away keeps nobody from starting; tried again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
