import { HostsNotAllowed } from '../../ops/testing/hosts/host.ts'
import { Hosts, type Size } from '../../ops/testing/hosts/hosts.ts'
import { spread as install, type Spread } from '../../ops/testing/hosts/installation.ts'
import { Trial } from '../../ops/testing/trial.ts'
import { Generator } from '../children.ts'
import { Cleanup } from '../cleanup.ts'
import type { Bench } from '../scenario.ts'

/** An installation over hosts of its own, and a generator on the client's host. */
export type OverHosts = Spread & { generator: Generator; close(): Promise<void> }

/** @returns why not, where the system allows no hosts */
export async function overHosts(
  bench: Bench,
  options: Size & Parameters<typeof install>[2] = {},
): Promise<OverHosts | string> {
  const trial = new Trial()
  const own = new Cleanup()
  own.add(() => trial.close())
  bench.cleanup.add(() => own.run())
  try {
    const hosts = await Hosts.open(trial, options)
    own.add(() => hosts.close())
    const installed = await install(trial, hosts, options)
    const generator = new Generator(bench.root, own, hosts.client.prefix())
    return { ...installed, generator, close: () => own.run() }
  } catch (error) {
    if (error instanceof HostsNotAllowed) return error.message
    throw error
  }
}
