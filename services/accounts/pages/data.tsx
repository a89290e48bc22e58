import { refused } from '@colonnade/personal'
import { Form, Notice, Sheet } from '@colonnade/ui'
import { tryCostly } from '../guesses.ts'
import { archiveOf, toWeb } from '../leaving/archive.ts'
import { askAll, partName } from '../leaving/keepers.ts'
import { findOwnData } from '../queries/own-data.ts'
import type { Desk, SignedIn, Visit } from './visit.ts'

/** Says what the archive holds. @param missing parts that could not be fetched just now */
export function showData(
  { t, local, page }: Visit,
  { keepers }: Desk,
  missing: readonly string[] = [],
): Response {
  const title = t.t('data.title')
  const parts = ['accounts', ...keepers.keys()].map((name) => partName(name, t))
  const failed = missing.length > 0
  return page(
    <Sheet title={title}>
      {failed ? (
        <Notice kind="error">
          {t.t('data.missing', { parts: t.list(missing.map((name) => partName(name, t))) })}
        </Notice>
      ) : (
        <p className="lead">{t.t('data.lead')}</p>
      )}
      <p>{t.t('data.parts', { parts: t.list(parts) })}</p>
      <p className="quiet small">{t.t('data.without')}</p>
      <Form
        action={local('/account/data')}
        submit={t.t(failed ? 'data.again' : 'data.action')}
        look={failed ? 'plain' : 'main'}
      />
      {failed ? (
        <Form action={local('/account/data')} submit={t.t('data.anyway')} look="plain">
          <input type="hidden" name="anyway" value="1" />
        </Form>
      ) : null}
      <p>
        <a href={local('/account')}>{t.t('account.title')}</a>
      </p>
    </Sheet>,
    title,
    failed ? { status: 503, headers: new Headers({ 'Retry-After': '10' }) } : {},
  )
}

/** Everything in one archive. With a service away it says which part is missing first, and gives the rest when asked again. */
export async function giveData(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { person } = who
  const wait = await tryCostly(desk.db.hot, 'export', person.id)
  if (wait > 0) return refused(visit, 429, wait)
  const own = await findOwnData(desk.db.work, person.id)
  const { parts, missing } = await askAll(desk.keepers, person.id)
  if (missing.length > 0 && !visit.form.has('anyway')) return showData(visit, desk, missing)
  const all = new Map([['accounts', { data: own, files: [] }], ...parts])
  const site = desk.settings.siteName
  const day = new Date().toISOString().slice(0, 10)
  return new Response(toWeb(archiveOf({ site, parts: all, missing }, desk.keepers)), {
    headers: {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="my-data-${day}.zip"`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
