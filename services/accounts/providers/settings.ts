import { z } from 'zod'

/** Where people can have an account that lets them in here too: a provider that speaks OpenID Connect. */
export type Provider = {
  /** As it stands in addresses: `school` for `OIDC_SCHOOL_…`. */
  name: string
  label: string
  issuer: string
  clientId: string
  clientSecret: string
}

type Environment = Record<string, string | undefined>

/** `OIDC_<NAME>_…`: the name, and which setting of the provider it is. */
export const providerSetting =
  /^OIDC_([A-Z0-9]+(?:_[A-Z0-9]+)*?)_(ISSUER|CLIENT_ID|CLIENT_SECRET|LABEL)$/

/** Or on this machine, where nobody listens in between. */
const safe = /^(https:|http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/
const issuer = z
  .url({ protocol: /^https?$/ })
  .refine((url) => safe.test(url), 'needs https: who listens in between could sign in as anybody')

const schema = z.object({
  ISSUER: issuer,
  CLIENT_ID: z.string(),
  CLIENT_SECRET: z.string(),
  LABEL: z.string().trim().min(1).max(60).optional(),
})

/**
 * The providers that the environment names, by name.
 * @returns what is wrong as lines, each beginning with the setting's name
 */
export function readProviders(env: Environment): { providers: Provider[]; wrong: string[] } {
  const given = new Map<string, Record<string, string>>()
  for (const [setting, value] of Object.entries(env)) {
    const [, name, key] = providerSetting.exec(setting) ?? []
    if (!name || !key || value === undefined || value.trim() === '') continue
    given.set(name, { ...given.get(name), [key]: value.trim() })
  }
  const providers: Provider[] = []
  const wrong: string[] = []
  for (const [name, values] of [...given].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const read = schema.safeParse(values)
    if (!read.success) {
      wrong.push(
        ...read.error.issues.map(({ path, message, code }) => {
          const key = String(path[0])
          const why =
            code === 'invalid_type' ? `is needed beside the other OIDC_${name}_…` : message
          return `OIDC_${name}_${key} ${why}`
        }),
      )
      continue
    }
    const { ISSUER, CLIENT_ID, CLIENT_SECRET, LABEL } = read.data
    providers.push({
      name: name.toLowerCase().replaceAll('_', '-'),
      label: LABEL ?? name[0] + name.slice(1).toLowerCase().replaceAll('_', ' '),
      issuer: ISSUER,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
    })
  }
  return { providers, wrong }
}
