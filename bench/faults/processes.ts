import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const statusOf = (pid: string | number): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

/** Whether a process is Node, whatever it calls itself. */
const isNode = (pid: number): boolean => {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === readlinkSync('/proc/self/exe')
  } catch {
    return false
  }
}

/** A process and all that it began, and what those began; Linux only. */
export function familyOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) =>
    new RegExp(`^PPid:\\s+${pid}$`, 'm').test(/^\d+$/.test(name) ? statusOf(name) : ''),
  )
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))]
}

/** Further Node processes of an installation: its workers. */
export function workersOf(pid: number): number[] {
  return familyOf(pid).filter((one) => one !== pid && isNode(one))
}
