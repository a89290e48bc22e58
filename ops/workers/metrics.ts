import { z } from 'zod'

/** Sums of these mean nothing: the highest stands for all. */
const highest =
  /^(nodejs_version_info|process_start_time_seconds|process_max_fds|nodejs_eventloop_lag_)/

/**
 * Adds up what several processes count: Prometheus text of each in, the text of all together out. A series that is in
 * several is one line; families stay together, as the format wants it.
 */
export function addUp(measured: readonly unknown[]): string {
  const families = new Map<string, { head: string[]; series: Map<string, number> }>()
  for (const text of measured) {
    let family = familyOf(families, '')
    for (const line of z.string().parse(text).split('\n')) {
      const [, kind, name = ''] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? []
      if (kind) {
        family = familyOf(families, name)
        if (!family.head.some((known) => known.startsWith(`# ${kind} `))) family.head.push(line)
        continue
      }
      const [, series, value] = /^([^#\s][^{\s]*(?:\{.*\})?) (\S+)$/.exec(line) ?? []
      if (series === undefined) continue
      const before = family.series.get(series)
      family.series.set(series, before === undefined ? Number(value) : join(series, before, value))
    }
  }
  const lines = [...families.values()].flatMap(({ head, series }) => [
    ...head,
    ...[...series].map(([name, value]) => `${name} ${value}`),
  ])
  return `${lines.join('\n')}\n`
}

const join = (series: string, before: number, value: string | undefined) =>
  highest.test(series) ? Math.max(before, Number(value)) : before + Number(value)

type Family = { head: string[]; series: Map<string, number> }

function familyOf(families: Map<string, Family>, name: string): Family {
  const family = families.get(name) ?? { head: [], series: new Map<string, number>() }
  families.set(name, family)
  return family
}
