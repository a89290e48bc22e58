import { defaultLanguage, findLanguage, localPath, translator } from '@colonnade/ui'
import type { Mails } from '../auth.ts'
import type { AccountsSettings } from '../settings.ts'
import type { Post } from './post.ts'

/** The mails of accounts, in the language of whom they are for. */
export function mailsBy(
  post: Pick<Post, 'send'>,
  { url, siteName: site }: AccountsSettings,
): Mails {
  const write = async (
    { email: recipient, language }: { email: string; language: string },
    kind: 'verify' | 'known' | 'reset',
    path: string,
  ) => {
    const lang = findLanguage(language) ?? defaultLanguage
    const { t } = translator(lang)
    const link = url + localPath(lang, path)
    await post.send({
      recipient,
      subject: t(`mail.${kind}.subject`, { site }),
      body: t(`mail.${kind}.body`, { site, link }),
    })
  }
  return {
    verify: (person, token, next) =>
      write(
        person,
        'verify',
        `/verify?${new URLSearchParams({ token, ...(next && next !== '/' ? { next } : {}) })}`,
      ),
    known: (person) => write(person, 'known', '/forgot'),
    reset: (person, token) => write(person, 'reset', `/reset?token=${encodeURIComponent(token)}`),
  }
}
