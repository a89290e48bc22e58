import { createTrust, remoteBackend } from '@colonnade/http'
import { clockFinding, type Finding, fail, ok } from './finding.ts'

const budget = 3000

export type Place = {
  /** The setting that names it. */
  setting: string
  url: string
  /** The service that should answer there; none for a proxy. */
  service?: string
}

/** Whether something answers at an address, knows our secret, and has the same time. */
export async function checkPlace(
  { setting, url, service }: Place,
  secret: string | undefined,
): Promise<Finding[]> {
  const backend = remoteBackend([url], service ? { 'Colonnade-Service': service } : {})
  const signal = () => AbortSignal.timeout(budget)
  try {
    const asked = Date.now()
    const answer = await backend.fetch('/healthz', { signal: signal() })
    const middle = (asked + Date.now()) / 2
    const date = Date.parse(answer.headers.get('date') ?? '')
    await answer.arrayBuffer()
    if (!answer.ok) {
      return [
        fail('reach', `${url} (${setting}) answers ${answer.status} at /healthz.`, mendOf(setting)),
      ]
    }
    const findings = [ok('reach', `${url} (${setting}) answers.`)]
    // The header has whole seconds: half of one is the best guess.
    if (!Number.isNaN(date)) findings.push(clockFinding(`that of ${url}`, middle - date - 500))
    if (secret && service) {
      const said = await backend.fetch('/internal/ready', {
        headers: { Authorization: await createTrust(secret).header() },
        signal: signal(),
      })
      await said.arrayBuffer()
      if (said.status === 401) {
        findings.push(
          fail(
            'secrets',
            `${url} does not accept what this host signs.`,
            'Give both the same COLONNADE_SECRET.',
          ),
        )
      }
    }
    return findings
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return [fail('reach', `${url} (${setting}) does not answer: ${said}.`, mendOf(setting))]
  } finally {
    await backend.close()
  }
}

const mendOf = (setting: string) =>
  `Check that it runs there and that this host may reach it, or correct ${setting}.`
