import type { Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'

/** An instant as words, in the reader's time zone, which it names: a deadline must not be guessed. */
export function whenText(at: Date, zone: string, t: Translator): string {
  const date = t.date(at, {
    dateStyle: undefined,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  })
  return t.t('learn.when', { date, zone: zone.replaceAll('_', ' ') })
}

export function When(props: { at: Date; zone: string; t: Translator }): ReactElement {
  const { at, zone, t } = props
  return <time dateTime={at.toISOString()}>{whenText(at, zone, t)}</time>
}

/** The zone as it is known, else UTC: what a person wrote into their profile may be unknown here. */
export function knownZone(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone ?? 'UTC' }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}
