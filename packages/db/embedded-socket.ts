import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isServerOf } from './embedded-process.ts'

/** What a socket's address may hold in the systems we know: sun_path has 104 bytes or 108, the last one is zero. */
const longestPath = 103

/**
 * The folder of the server's Unix socket, beside its TCP port: over it a small query, or a write, costs us
 * about a tenth less of the processor. The data's own folder, which nobody else can enter. Undefined where there can be none.
 */
export function socketFolder(cluster: string): string | undefined {
  const fits = /^\/[\w./-]+$/.test(cluster) && socketFile(cluster, 65_535).length <= longestPath
  return process.platform !== 'win32' && fits ? cluster : undefined
}

/** Where Postgres puts it. */
const socketFile = (folder: string, port: number) => join(folder, `.s.PGSQL.${port}`)

/** Names the socket in an address as libpq does, if the server listens on it; the host stays for those who only read. */
export function bySocket(url: string, cluster: string, port: number): string {
  const folder = socketFolder(cluster)
  if (!folder || !existsSync(socketFile(folder, port))) return url
  return `${url}?host=${encodeURIComponent(folder)}`
}

/** The pid in a killed server's lock may meanwhile be another program's, and Postgres would refuse to start. */
export function disownSocket(cluster: string, port: number): void {
  const file = socketFile(cluster, port)
  const lock = `${file}.lock`
  if (!existsSync(lock)) return
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0])
  if (isServerOf(pid, cluster)) return
  rmSync(lock, { force: true })
  rmSync(file, { force: true })
}
