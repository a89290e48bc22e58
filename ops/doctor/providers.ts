import { type Provider, readProviders } from '@colonnade/accounts/contract'
import { z } from 'zod'
import { type Finding, fail, ok, warn } from './finding.ts'

const patienceMs = 5000
const described = z.object({ issuer: z.string() })

/** Whether the providers that people may sign in by (`OIDC_…`) are set whole, and answer as themselves. */
export async function checkProviders(env: Record<string, string | undefined>): Promise<Finding[]> {
  const { providers, wrong } = readProviders(env)
  const faults = wrong.map((line) => fail('sign-in', line, 'Correct it: accounts do not start so.'))
  return [...faults, ...(await Promise.all(providers.map(checkProvider)))]
}

async function checkProvider({ label, issuer }: Provider): Promise<Finding> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(patienceMs) })
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    const itself = described.parse(await answer.json()).issuer
    if (itself === issuer) return ok('sign-in', `${label} (${issuer}) answers.`)
    return fail('sign-in', `${issuer} calls itself ${itself}.`, `Set OIDC_…_ISSUER to ${itself}`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return warn(
      'sign-in',
      `${label}: ${address} cannot be read (${why}).`,
      'Nobody can sign in by it meanwhile. See whether the issuer is right and this host may reach it.',
    )
  }
}
