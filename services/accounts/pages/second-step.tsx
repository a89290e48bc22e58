import { refused } from '@colonnade/personal'
import { Form, Sheet, TextField } from '@colonnade/ui'
import { digestOf } from '../digest.ts'
import { tryToSignIn } from '../guesses.ts'
import { findHalfSignIn, takeHalfSignIn } from '../queries/second-factor.ts'
import { enter, halfSignInCookie, halfSignInOf } from './enter.ts'
import { type Desk, safeNext, type Visit } from './visit.ts'

/** Asks who is half signed in for a code; others sign in first. */
export async function showSecondStep(visit: Visit, { db }: Desk): Promise<Response> {
  const ticket = halfSignInOf(visit.request)
  const person = ticket && (await findHalfSignIn(db.hot, digestOf(ticket)))
  return person ? show(visit) : visit.goTo('/sign-in')
}

function show({ t, local, page, query, form }: Visit, wrong = false): Response {
  const title = t.t('secondStep.title')
  const next = safeNext(query.get('next') ?? form.get('next'))
  return page(
    <Sheet title={title}>
      <p className="lead">{t.t('secondStep.lead')}</p>
      <Form action={local('/sign-in/second-step')} submit={t.t('secondStep.go')}>
        <CodeField
          id="code"
          label={t.t('secondStep.code')}
          error={wrong ? t.t('secondStep.wrong') : undefined}
        />
        {next ? <input type="hidden" name="next" value={next} /> : null}
      </Form>
      <p className="quiet">{t.t('secondStep.lost')}</p>
    </Sheet>,
    title,
    wrong ? { status: 422 } : {},
  )
}

/** Takes a code of the app or a recovery code. */
export function CodeField(props: { id: string; label: string; error?: string | undefined }) {
  return <TextField name="code" autoComplete="one-time-code" maxLength={40} {...props} />
}

/** Codes are tries like passwords: after a few each has to wait longer. */
export async function takeSecondStep(visit: Visit, desk: Desk): Promise<Response> {
  const { db, secondFactors } = desk
  const ticket = halfSignInOf(visit.request)
  const person = ticket && (await findHalfSignIn(db.hot, digestOf(ticket)))
  if (!ticket || !person) return visit.goTo('/sign-in')
  const tried = await tryToSignIn(db.hot, `second step of ${person}`, visit.client)
  if ('wait' in tried) return refused(visit, 429, tried.wait)
  const by = await secondFactors.check(person, visit.form.get('code') ?? '')
  if (!by) return show(visit, true)
  await tried.right()
  // Sent twice at once, it begins one session.
  if (!(await takeHalfSignIn(db.hot, digestOf(ticket)))) return visit.goTo('/sign-in')
  const next = by === 'recovery' ? visit.local('/account/second-step?recovery') : undefined
  return await enter(visit, desk, person, {
    next: next ?? safeNext(visit.form.get('next')),
    more: [halfSignInCookie('', desk)],
  })
}
