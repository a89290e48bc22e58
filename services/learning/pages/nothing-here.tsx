import type { Visit } from '@colonnade/personal'
import { Notice, Sheet } from '@colonnade/ui'
import { myPath } from './paths.ts'

/** What is not there, or is somebody else's: who asks cannot tell which. */
export function nothingHere({ t, local, page }: Visit): Response {
  const title = t.t('learn.refused.404.title')
  return page(
    <Sheet title={title}>
      <Notice kind="error">{t.t('learn.refused.404')}</Notice>
      <p>
        <a href={local(myPath)}>{t.t('learn.my.title')}</a>
      </p>
    </Sheet>,
    title,
    { status: 404 },
  )
}
