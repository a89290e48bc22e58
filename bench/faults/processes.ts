import { readdirSync, readFileSync } from 'node:fs'

const statusOf = (pid: string | number): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
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
  return familyOf(pid).filter((one) => one !== pid && /\bnode\b/.test(commandOf(one)))
}
