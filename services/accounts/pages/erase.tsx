import { setTimeout as delay } from 'node:timers/promises'
import { refused } from '@colonnade/personal'
import { Form, Notice, Section, Sheet, TextField } from '@colonnade/ui'
import { withoutHint } from '../cookies.ts'
import { tryToSignIn } from '../guesses.ts'
import { partName } from '../leaving/keepers.ts'
import { keptAnyway, sumOf } from '../leaving/receipt.ts'
import { hasPassword, isPassword } from '../passwords/own.ts'
import { beginErasure, findReceipt } from '../queries/erasures.ts'
import { findSessionAge } from '../queries/own-data.ts'
import type { Desk, SignedIn, Visit } from './visit.ts'

/** How long a page waits for services to answer; what they have not done then is done behind it. */
const waitMs = 5000
/** Who has no password shows by having signed in just now that it is they. */
const freshSeconds = 600

type Wrong = { password?: string; confirm?: string; whole?: string; status?: 409 | 422 }

/** Says what goes and what stays, and asks for the password and the address, typed. */
export async function showErase(
  visit: Visit,
  { person }: SignedIn,
  { auth }: Desk,
  wrong: Wrong = {},
): Promise<Response> {
  const { t, local, page } = visit
  const title = t.t('erase.title')
  return page(
    <Sheet title={title}>
      {wrong.whole ? <Notice kind="error">{wrong.whole}</Notice> : null}
      <p className="lead">{t.t('erase.lead')}</p>
      <ul>
        <li>{t.t('erase.accounts')}</li>
        <li>{t.t('erase.others')}</li>
        {keptAnyway(t).map(({ what, why }) => (
          <li key={what}>
            {t.t('erase.stays')} {what} {why}
          </li>
        ))}
      </ul>
      <p>
        <a href={local('/account/data')}>{t.t('erase.data')}</a>
      </p>
      <Form action={local('/account/erase')} submit={t.t('erase.action')}>
        <TextField
          id="confirm"
          name="confirm"
          label={t.t('erase.confirm')}
          hint={person.email}
          autoComplete="off"
          maxLength={254}
          error={wrong.confirm}
        />
        {(await hasPassword(auth, person.id)) ? (
          <TextField
            id="password"
            name="password"
            type="password"
            label={t.t('account.password')}
            autoComplete="current-password"
            maxLength={128}
            error={wrong.password}
          />
        ) : null}
      </Form>
    </Sheet>,
    title,
    wrong.status ? { status: wrong.status } : {},
  )
}

/** Forgets the person here at once, and everywhere else as soon as it answers. */
export async function erase(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { form, t } = visit
  const { person } = who
  const again = (wrong: Wrong) => showErase(visit, who, desk, { status: 422, ...wrong })
  if ((form.get('confirm') ?? '').trim().toLowerCase() !== person.email) {
    return await again({ confirm: t.t('erase.confirm.wrong') })
  }
  const proved = await prove(visit, who, desk)
  if (proved !== true) return proved
  const id = crypto.randomUUID()
  const services = [...desk.keepers.keys()]
  const begun = await beginErasure(desk.db.work, { id, person: person.id, services })
  if (begun === 'last') return await again({ whole: t.t('erase.last'), status: 409 })
  await Promise.race([
    desk.erasures.carry(id).catch((err: unknown) => desk.log.warn({ err }, 'an erasure waits')),
    delay(waitMs, undefined, { ref: false }),
  ])
  const { headers } = await desk.auth.api.signOut({
    headers: visit.request.headers,
    returnHeaders: true,
  })
  return visit.goTo(`/account/erased?receipt=${id}`, withoutHint(headers))
}

/** Whether it is they: by the password, counted as a try to sign in, or else by a new session. */
async function prove(visit: Visit, who: SignedIn, desk: Desk): Promise<true | Response> {
  const { form, t, client } = visit
  const { auth, db } = desk
  const again = (wrong: Wrong) => showErase(visit, who, desk, { status: 422, ...wrong })
  if (!(await hasPassword(auth, who.person.id))) {
    const age = await findSessionAge(db.hot, who.session)
    if (age !== undefined && age < freshSeconds) return true
    return await again({ whole: t.t('erase.signInAgain') })
  }
  const tried = await tryToSignIn(db.hot, who.person.email, client)
  if ('wait' in tried) return refused(visit, 429, tried.wait)
  if (!(await isPassword(auth, who.person.id, form.get('password') ?? ''))) {
    return await again({ password: t.t('erase.password.wrong') })
  }
  await tried.right()
  return true
}

/** What is gone, what stays and why; for whoever has its address, since nobody can sign in any more. */
export async function showErased(visit: Visit, { db }: Desk): Promise<Response> {
  const { t, page, query, local } = visit
  const id = query.get('receipt') ?? ''
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)
  const receipt = isId ? await findReceipt(db.hot, id) : undefined
  if (!receipt) return refused(visit, 404)
  const title = t.t('erase.done.title')
  const { gone, kept, waiting } = sumOf(receipt, t)
  return page(
    <>
      <Sheet title={title}>
        <p className="lead">{t.t('erase.done', { date: t.date(receipt.askedAt) })}</p>
        {waiting.length > 0 ? (
          <Notice>
            {t.t('erase.waiting', { parts: t.list(waiting.map((name) => partName(name, t))) })}
          </Notice>
        ) : null}
      </Sheet>
      <Section id="gone" title={t.t('erase.gone')}>
        <ul>
          {gone.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </Section>
      <Section id="kept" title={t.t('erase.kept')}>
        <ul>
          {kept.map(({ what, why }) => (
            <li key={what}>
              {what} <span className="quiet">{why}</span>
            </li>
          ))}
        </ul>
        <p>
          <a href={local('/sign-up')}>{t.t('erase.anew')}</a>
        </p>
      </Section>
    </>,
    title,
  )
}
