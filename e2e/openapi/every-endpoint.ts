import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  makeDataFolder,
  ownSettings,
  type Running,
  removeDataFolder,
  runColonnade,
} from '../installation.ts'
import { Contract } from './contract.ts'
import { type Document, listEndpoints } from './document.ts'
import { requestsFor } from './requests.ts'

const atOnce = 20

/**
 * Tests that answers to so many generated requests for each endpoint are as the OpenAPI document has them, and none
 * is 500 or more; on an installation of its own, since it changes and deletes whatever it can.
 */
export function testEveryEndpoint(requests: number): void {
  const data = makeDataFolder()
  const settings = ownSettings(data)
  let running: Running | undefined
  let contract: Contract | undefined

  beforeAll(async () => {
    running = await runColonnade(['start'], settings)
    const document: Document = await (await fetch(`${running.url}/api/openapi.json`)).json()
    contract = new Contract(running.url, settings.COLONNADE_API_TOKEN ?? '', document)
  })
  afterAll(async () => {
    await running?.stop()
    removeDataFolder(data)
  })

  describe(`${requests} generated requests for each endpoint`, () => {
    test('every answer is as documented', { timeout: 2_400_000 }, async () => {
      if (!contract) throw new Error('Not started.')
      const { document } = contract
      const faults: string[] = []
      for (const endpoint of listEndpoints(document)) {
        const fault = await firstFault(contract, endpoint, requests)
        if (fault) faults.push(fault)
      }
      expect(faults, running?.output().slice(-4000)).toEqual([])
      expect((await fetch(`${running?.url}/readyz`)).status).toBe(200)
    })
  })
}

/** Requests go out twenty at a time: each is judged alone, and all at once they meet each other's changes. */
async function firstFault(
  contract: Contract,
  endpoint: ReturnType<typeof listEndpoints>[number],
  requests: number,
): Promise<string | undefined> {
  const one = requestsFor(endpoint, contract.document)
  const batch = fc.array(one, { minLength: atOnce, maxLength: atOnce })
  const property = fc.asyncProperty(batch, async (generated) => {
    const faults = await Promise.all(generated.map((each) => contract.fault(endpoint, each)))
    const fault = faults.find((text) => text !== undefined)
    if (fault) throw new Error(fault)
  })
  // Ids that are gone cannot be asked for again, so a smaller example would prove nothing.
  const result = await fc.check(property, {
    numRuns: Math.ceil(requests / atOnce),
    endOnFailure: true,
  })
  if (!result.failed) return undefined
  const { errorInstance } = result
  const said = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return `${said} (seed ${result.seed})`
}
