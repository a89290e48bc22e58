import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { z } from 'zod'
import type { Provider } from './settings.ts'

/** Seconds that a provider may take for each answer. */
const patience = 5
/** Minutes that somebody may take there. */
const minutes = 10

const begun = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  lang: z.string(),
  next: z.string().optional(),
  until: z.number(),
})
/** What a browser keeps while its owner is at the provider. */
export type Begun = z.infer<typeof begun>

const said = z.object({
  email: z.email().optional().catch(undefined),
  // Some say it as text.
  email_verified: z
    .union([z.boolean(), z.literal('true')])
    .optional()
    .catch(undefined),
  name: z.string().optional().catch(undefined),
})

/** Who somebody is, as a provider says. `issuer` and `subject` together are theirs for good; an address may change hands. */
export type Identity = {
  issuer: string
  subject: string
  email: string | undefined
  isVerified: boolean
  name: string | undefined
}

export type Providers = ReturnType<typeof openProviders>

/**
 * Signing in by OpenID Connect: authorization code with PKCE, state and nonce, and the signature of the ID token checked.
 * @param options.key encrypts what the browser keeps in between
 * @param options.url the public origin
 */
export function openProviders(options: {
  providers: readonly Provider[]
  key: string
  url: string
}) {
  const { providers, key, url } = options
  const found = new Map<string, Promise<Configuration>>()

  /** What the provider says of itself; asked for once it is needed, and again after a failure. */
  function configurationOf(provider: Provider): Promise<Configuration> {
    const known = found.get(provider.name)
    if (known) return known
    const { issuer, clientId, clientSecret } = provider
    const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : []
    const asked = discovery(new URL(issuer), clientId, {}, authenticate(clientSecret), {
      timeout: patience,
      execute: [enableNonRepudiationChecks, ...insecure],
    })
    found.set(provider.name, asked)
    asked.catch(() => found.delete(provider.name))
    return asked
  }

  return {
    list: providers.map(({ name, label }) => ({ name, label })),
    find: (name: string) => providers.find((one) => one.name === name),

    /** @returns where to send the browser, and what it is to keep, which only we can read */
    async begin(
      provider: Provider,
      { lang, next }: { lang: string; next: string | undefined },
    ): Promise<{ location: string; kept: string }> {
      const configuration = await configurationOf(provider)
      const verifier = randomPKCECodeVerifier()
      const state = randomState()
      const nonce = randomNonce()
      const location = buildAuthorizationUrl(configuration, {
        redirect_uri: `${url}/sign-in/from/${provider.name}`,
        scope: 'openid email profile',
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      const until = Date.now() + minutes * 60_000
      const kept: Begun = { provider: provider.name, state, nonce, verifier, lang, next, until }
      const data = JSON.stringify(kept)
      return { location: location.href, kept: await symmetricEncrypt({ key, data }) }
    },

    /** What a browser has kept; undefined when it is not ours, for another provider, or too old. */
    async readKept(provider: Provider, kept: string): Promise<Begun | undefined> {
      try {
        const read = begun.parse(JSON.parse(await symmetricDecrypt({ key, data: kept })))
        return read.provider === provider.name && read.until > Date.now() ? read : undefined
      } catch {
        return undefined
      }
    },

    /**
     * Who came back.
     * @param search the query that the provider sent them back with
     * @throws what openid-client throws when the answer is not one to this browser's question, or the provider is away
     */
    async finish(provider: Provider, search: string, { state, nonce, verifier }: Begun) {
      const configuration = await configurationOf(provider)
      const came = new URL(`${url}/sign-in/from/${provider.name}${search}`)
      const tokens = await authorizationCodeGrant(configuration, came, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('The provider sent no ID token.')
      const { sub: subject, iss } = claims
      let told = said.parse(claims)
      if (told.email === undefined && configuration.serverMetadata().userinfo_endpoint) {
        told = said.parse(await fetchUserInfo(configuration, tokens.access_token, subject))
      }
      const identity: Identity = {
        issuer: iss,
        subject,
        email: told.email?.toLowerCase(),
        isVerified: told.email_verified === true || told.email_verified === 'true',
        name: told.name?.trim().replace(/\s+/g, ' ').slice(0, 200) || undefined,
      }
      return identity
    },
  }
}

/** By what the provider takes; what says nothing takes HTTP Basic (OpenID Connect Discovery, 3). */
function authenticate(secret: string): ClientAuth {
  const basic = ClientSecretBasic(secret)
  const post = ClientSecretPost(secret)
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest)
  }
}
