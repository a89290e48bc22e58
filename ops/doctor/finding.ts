export type Level = 'ok' | 'warn' | 'fail'

/** One thing that was looked at, in words; what is not well says how to mend it. */
export type Finding = { about: string; level: Level; what: string; mend?: string }

export const ok = (about: string, what: string): Finding => ({ about, level: 'ok', what })
export const warn = (about: string, what: string, mend: string): Finding => ({
  about,
  level: 'warn',
  what,
  mend,
})
export const fail = (about: string, what: string, mend: string): Finding => ({
  about,
  level: 'fail',
  what,
  mend,
})

export const gibibytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`

/** A clock that differs by so much breaks tokens between hosts, deadlines and caches. */
const mostSkewSeconds = 60

export function clockFinding(whose: string, skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  if (seconds <= mostSkewSeconds) return ok('clock', `This clock and ${whose} agree.`)
  return warn(
    'clock',
    `This clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} ${whose}.`,
    'Let both hosts set their clocks by NTP (timedatectl set-ntp true).',
  )
}

/** An address without its password. */
export function withoutPassword(url: string): string {
  try {
    const shown = new URL(url)
    if (shown.password) shown.password = '***'
    return shown.href
  } catch {
    return '***'
  }
}
