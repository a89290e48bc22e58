import { resolve } from 'node:path'
import { apiTokenPrefix, clientAddresses } from '@colonnade/http'
import { checkAccent } from '@colonnade/ui'
import { z } from 'zod'
import { gather } from './environment.ts'
import { root } from './root.ts'
import { services } from './services.ts'

const port = z.coerce.number().int().min(0).max(65535)
const origin = z
  .url({ protocol: /^https?$/ })
  .transform((url) => url.replace(/\/+$/, ''))
  .refine(
    (url) => new URL(url).pathname === '/',
    'is an origin, such as https://learn.example.org, without a path',
  )
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
const urls = list.pipe(z.array(z.url({ protocol: /^https?$/ })))
const database = z.url({ protocol: /^postgres(ql)?$/ })
const accent = (theme: 'light' | 'dark') =>
  z.string().superRefine((colour, context) => {
    const check = checkAccent(colour, theme)
    if (!check.ok) context.addIssue({ code: 'custom', message: check.message })
  })
const legal = z.string().transform((text, context) => {
  const links = text.split(',').map((pair) => {
    const [label = '', href = ''] = pair.split('=').map((part) => part.trim())
    return { label, href }
  })
  if (links.some(({ label, href }) => !label || !/^(https?:\/\/|\/)/.test(href))) {
    context.addIssue({
      code: 'custom',
      message: 'is a list such as: Imprint=/imprint, Privacy=https://…',
    })
  }
  return links
})

const trusted = list.superRefine((entries, context) => {
  try {
    clientAddresses(entries)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : '' })
  }
})
/** So many requests in so many seconds, or no limit. */
const rateLimit = z
  .string()
  .regex(/^(off|[1-9]\d*\/[1-9]\d*)$/, 'is requests/seconds, such as 600/60, or off')
  .transform((text) => {
    if (text === 'off') return undefined
    const [requests = 0, seconds = 0] = text.split('/').map(Number)
    return { requests, seconds }
  })

const perService = Object.fromEntries(
  services.flatMap(({ name }) => {
    const upper = name.toUpperCase()
    return [
      [`${upper}_URL`, urls.optional()],
      [`${upper}_DATABASE_URL`, database.optional()],
      [`${upper}_DIRECT_DATABASE_URL`, database.optional()],
    ]
  }),
)

const schema = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('0.0.0.0'),
  METRICS_PORT: port.optional(),
  COLONNADE_URL: origin.optional(),
  COLONNADE_DATA: z.string().optional(),
  COLONNADE_SECRET: z.string().min(16, 'needs at least 16 characters').optional(),
  COLONNADE_API_TOKEN: z
    .string()
    .min(16, 'needs at least 16 characters')
    .refine(
      (token) => !token.startsWith(apiTokenPrefix),
      `is the operator’s own, not one made at /account/tokens (${apiTokenPrefix}…)`,
    )
    .optional(),
  DATABASE_URL: database.optional(),
  DIRECT_DATABASE_URL: database.optional(),
  PROXY_URL: urls.optional(),
  BACKUP_KEY: z.string().trim().min(16, 'needs at least 16 characters').optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  READY_SECONDS: z.coerce.number().int().min(1).max(600).default(60),
  TRUSTED_PROXIES: trusted.default([]),
  CACHE: z.enum(['on', 'off']).default('on'),
  CACHE_MIB: z.coerce.number().int().min(8).max(16_384).default(48),
  EVENTS: z.enum(['on', 'off']).default('on'),
  RATE_LIMIT_READS: rateLimit.default({ requests: 600_000, seconds: 60 }),
  RATE_LIMIT_ATTEMPTS: rateLimit.default({ requests: 3000, seconds: 60 }),
  SITE_NAME: z.string().trim().min(1).max(60).default('Colonnade'),
  SITE_MARK: z.string().optional(),
  SITE_ACCENT: accent('light').optional(),
  SITE_ACCENT_DARK: accent('dark').optional(),
  SITE_LEGAL_LINKS: legal.optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.email('is an address, such as no-reply@example.org').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** Names of all settings. */
export const settingNames = [...Object.keys(schema.shape), ...Object.keys(perService)]

export type Settings = z.infer<typeof schema> & {
  /** Addresses of a service that runs elsewhere. */
  urlsOf(service: string): readonly string[] | undefined
  databaseOf(service: string): string | undefined
  /** For migrations: past a pooler where there is one. */
  directDatabaseOf(service: string): string | undefined
  /** Where each value came from: `environment`, `.env`, or the file that holds it. */
  origins: Record<string, string>
  env: Record<string, string | undefined>
}

/** A setting that cannot be used; the message names it and says what it should be. */
export class SettingsError extends Error {}

/**
 * Reads the environment once: the real one, then `.env` in the project folder, whatever the working directory, and the
 * files that either names.
 * @throws SettingsError naming every setting that is wrong
 */
export function readSettings(real: Record<string, string | undefined> = process.env): Settings {
  const { env, origins, faults } = gather(real, root, settingNames)
  const common = schema.safeParse(env)
  const each = z.object(perService).safeParse(env)
  const issues = [...(common.error?.issues ?? []), ...(each.error?.issues ?? [])]
  if (!common.success || !each.success || faults.length > 0) {
    const lines = issues.map(({ path, message }) => {
      const name = String(path[0])
      return `  ${name} (from ${origins[name] ?? 'default'}): ${message}`
    })
    throw new SettingsError(`These settings cannot be used:\n${[...faults, ...lines].join('\n')}`)
  }
  const read = (name: string) => env[name]
  return {
    ...common.data,
    ...(env.COLONNADE_DATA ? { COLONNADE_DATA: resolve(env.COLONNADE_DATA) } : {}),
    urlsOf: (service) => {
      const list = urls.optional().parse(read(`${service.toUpperCase()}_URL`))
      return list
    },
    databaseOf: (service) => read(`${service.toUpperCase()}_DATABASE_URL`) ?? env.DATABASE_URL,
    directDatabaseOf: (service) =>
      read(`${service.toUpperCase()}_DIRECT_DATABASE_URL`) ??
      env.DIRECT_DATABASE_URL ??
      read(`${service.toUpperCase()}_DATABASE_URL`) ??
      env.DATABASE_URL,
    origins,
    env,
  }
}
