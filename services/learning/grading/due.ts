import type { Due } from '@colonnade/questions'

const dayMs = 86_400_000

/** When something is due for one learner, in milliseconds since 1970. Days count from the moment they enrolled. */
export function dueAt(due: Due | null, enrolledAt: number): number | null {
  if (due === null) return null
  return 'days' in due ? enrolledAt + due.days * dayMs : instantOf(due.at, due.zone)
}

/**
 * The instant at which a wall clock in a zone shows this time. Where the clock is put forward over it, the time counts
 * as if it had not been; where it shows it twice, the first one counts.
 * @param local as in `2026-12-01T23:59`
 */
export function instantOf(local: string, zone: string): number {
  const wanted = Date.parse(`${local}Z`)
  // A day around it: the offsets before and after any change of the clock.
  const [before, after] = [wanted - dayMs, wanted + dayMs].map((at) => offsetAt(at, zone))
  const exact = [before, after].filter((offset = 0) => offsetAt(wanted - offset, zone) === offset)
  const [offset = 0] = exact.length > 0 ? exact : [before]
  return wanted - offset
}

/** Milliseconds that a zone's clock is ahead of UTC at an instant. */
function offsetAt(at: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '0'
  const shown = Date.UTC(
    Number(part('year')),
    Number(part('month')) - 1,
    Number(part('day')),
    Number(part('hour')),
    Number(part('minute')),
    Number(part('second')),
  )
  return shown - Math.floor(at / 1000) * 1000
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
