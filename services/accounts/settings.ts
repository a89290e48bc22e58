import { publicOriginOf } from '@colonnade/http'
import { z } from 'zod'
import { type Provider, readProviders } from './providers/settings.ts'

const schema = z.object({
  COLONNADE_URL: z.string().optional(),
  PORT: z.string().default('3000'),
  SITE_NAME: z.string().default('Colonnade'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().optional(),
})

/** What accounts reads of the environment. `smtp` undefined: mails go into a folder. */
export type AccountsSettings = {
  /** The public origin: it stands in mails. */
  url: string
  siteName: string
  smtp: string | undefined
  from: string
  /** Where people may have an account that lets them in. */
  providers: readonly Provider[]
}

/** @throws Error naming the setting that is wrong */
export function readAccountsSettings(env: Record<string, string | undefined>): AccountsSettings {
  const given = schema.safeParse(env)
  if (!given.success) throw new Error(`accounts: ${z.prettifyError(given.error)}`)
  const { providers, wrong } = readProviders(env)
  if (wrong.length > 0) throw new Error(`accounts: ${wrong.join('; ')}`)
  const { SITE_NAME, SMTP_URL, MAIL_FROM } = given.data
  const url = publicOriginOf(given.data)
  return {
    url,
    siteName: SITE_NAME,
    smtp: SMTP_URL,
    from: MAIL_FROM ?? `no-reply@${new URL(url).hostname}`,
    providers,
  }
}
