import { Notice, Sheet } from '@colonnade/ui'
import type { Visit } from './visit.ts'

type Told = Pick<Visit, 't' | 'page'>

/** Says why something was not done: it came from elsewhere or is not theirs (403), is not there, or came too often. */
export function refused(visit: Told, status: 403 | 404): Response
export function refused(visit: Told, status: 429, seconds: number): Response
export function refused({ t, page }: Told, status: 403 | 404 | 429, seconds = 0): Response {
  const title = t.t(`account.refused.${status}.title`)
  const headers = new Headers(status === 429 ? { 'Retry-After': String(seconds) } : {})
  const text =
    status === 429
      ? t.t('account.refused.429', { minutes: Math.max(1, Math.ceil(seconds / 60)) })
      : t.t(`account.refused.${status}`)
  return page(
    <Sheet title={title}>
      <Notice kind="error">{text}</Notice>
    </Sheet>,
    title,
    { status, headers },
  )
}
