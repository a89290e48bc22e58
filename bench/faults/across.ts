import { type Door, openDoor } from '../../ops/testing/hosts/door.ts'
import { type Host, HostsNotAllowed } from '../../ops/testing/hosts/host.ts'
import { Hosts } from '../../ops/testing/hosts/hosts.ts'
import { type Spread, spread } from '../../ops/testing/hosts/installation.ts'
import { type Row, Skipped, type Stage } from './row.ts'
import { type Place, placeOf } from './stage.ts'

/** An installation over hosts of their own, asked from the client's host. */
export type Across = Place & { spread: Spread; hosts: Hosts }

/** @throws Skipped where the system allows no hosts */
async function openAcross(stage: Stage): Promise<Across> {
  const hosts = await Hosts.open(stage.trial).catch((error: Error) => {
    throw error instanceof HostsNotAllowed ? new Skipped(error.message) : error
  })
  stage.cleanup.add(() => hosts.close())
  return await settle(stage, hosts)
}

/** Installs Colonnade on hosts, and doors through which we ask it. */
export async function settle(
  { trial, cleanup }: Pick<Stage, 'trial' | 'cleanup'>,
  hosts: Hosts,
): Promise<Across> {
  const { client, proxy, service, database } = hosts
  const opened = await spread(trial, hosts)
  const door = async (from: Host, to: { address: string; port: number }): Promise<Door> => {
    const made = await openDoor(from, to)
    cleanup.add(() => made.close())
    return made
  }
  const { port } = await door(client, { address: proxy.v4, port: 80 })
  const wire = await door(service, { address: database.v4, port: 5432 })
  const where = new URL(opened.settings.INSTRUCTORS_DIRECT_DATABASE_URL ?? '')
  where.host = `127.0.0.1:${wire.port}`
  where.search = '?sslmode=require'
  const place = await placeOf(trial, `http://127.0.0.1:${port}`, where.href)
  return { ...place, spread: opened, hosts }
}

/** A row that breaks an installation over several hosts. */
export type AcrossRow = Omit<Row, 'run'> & {
  amid(across: Across, stage: Stage): ReturnType<Row['run']>
}

/** Opens hosts for one row. */
export const onOwnHosts = ({ amid, ...row }: AcrossRow): Row => ({
  ...row,
  run: async (stage) => await amid(await openAcross(stage), stage),
})

/**
 * Breaks the way into a host by rules of nftables, which come before its firewall. @returns what mends it
 * @param rules in the words of a chain of packets that come in
 */
export function breakWay(host: Host, rules: readonly string[]): () => void {
  const table = 'table inet fault'
  const chain = `chain input { type filter hook input priority -10; policy accept;\n${rules.join('\n')}\n}`
  const input = `${table}\ndelete ${table}\n${table} {\n${chain}\n}\n`
  host.run(['nft', '-f', '-'], { input })
  return () => {
    host.run(['nft', 'delete', 'table', 'inet', 'fault'])
  }
}

/** Packets that a rule with a counter has seen. */
export function packetsSeen(host: Host): number {
  const listed = host.run(['nft', 'list', 'table', 'inet', 'fault'])
  return [...listed.matchAll(/counter packets (\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0)
}
