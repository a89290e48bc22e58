import type { Sql } from '@colonnade/db'
import { uuidv7 } from '@colonnade/http'
import { defaultLanguage, findLanguage, localPath, translator } from '@colonnade/ui'
import type { Notice, NoticeState } from '../contract.ts'
import { listAddressees, queueNotice } from '../queries/notices.ts'
import type { AccountsSettings } from '../settings.ts'
import type { Unsubscribe } from './unsubscribe.ts'

/**
 * Queues what another service has to tell somebody, in their language and with the way to refuse the next one.
 * @returns what became of it; `nobody` when there is no such person
 */
export async function sendNotice(
  { person, kind, subject, text, key }: Notice,
  {
    sql,
    settings,
    unsubscribe,
  }: { sql: Sql; settings: AccountsSettings; unsubscribe: Unsubscribe },
): Promise<NoticeState> {
  const [addressee] = await listAddressees(sql, [person])
  if (!addressee) return 'nobody'
  const lang = findLanguage(addressee.language) ?? defaultLanguage
  const { t } = translator(lang)
  const link = settings.url + localPath(lang, unsubscribe.path({ person, kind }))
  const footer = t('mail.notice.footer', {
    site: settings.siteName,
    kind: t(`mail.kind.${kind}`),
    link,
  })
  const letter = {
    id: uuidv7(),
    recipient: addressee.email,
    subject,
    body: `${text}\n\n-- \n${footer}`,
    unsubscribe: link,
  }
  return await queueNotice(sql, letter, { person, kind, key })
}
