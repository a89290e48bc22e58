import { refused } from '@colonnade/personal'
import {
  Form,
  type MessageId,
  Notice,
  Section,
  Sheet,
  TextField,
  type Translator,
} from '@colonnade/ui'
import type { ReactNode } from 'react'
import css from '../elements/account.module.css'
import { tryToSignIn } from '../guesses.ts'
import { hasPassword, isPassword } from '../passwords/own.ts'
import { countRecoveryCodes, removeSecondFactor } from '../queries/second-factor.ts'
import type { Enrolment } from '../second-factor.ts'
import { QrCode } from './qr-code.tsx'
import { CodeField } from './second-step.tsx'
import type { Desk, SignedIn, Visit } from './visit.ts'

const path = '/account/second-step'

/** Whether a second step is asked, and how to change that. */
export async function showSecondFactor(
  visit: Visit,
  { person }: SignedIn,
  desk: Desk,
  wrong?: MessageId,
): Promise<Response> {
  const { t, query, local } = visit
  const isOn = await desk.secondFactors.isOn(person.id)
  const left = isOn ? await countRecoveryCodes(desk.db.hot, person.id) : 0
  const withPassword = await hasPassword(desk.auth, person.id)
  const form = (act: Act, label: MessageId) => (
    <Form action={local(path)} submit={t.t(label)} look={isOn ? 'plain' : 'main'}>
      <input type="hidden" name="do" value={act} />
      {withPassword ? <PasswordField act={act} t={t} /> : null}
      {isOn && !withPassword ? (
        <CodeField id={`code-${act}`} label={t.t('secondStep.code')} />
      ) : null}
    </Form>
  )
  return frame(
    visit,
    <>
      {wrong ? <Notice kind="error">{t.t(wrong)}</Notice> : null}
      {query.has('recovery') ? <Notice>{t.t('secondFactor.usedRecovery')}</Notice> : null}
      <p className="lead">{t.t(isOn ? 'secondFactor.on' : 'secondFactor.off')}</p>
      {isOn ? (
        <p>{t.t('secondFactor.left', { count: left })}</p>
      ) : (
        form('begin', 'secondFactor.begin')
      )}
    </>,
    {
      status: wrong ? 422 : 200,
      below: isOn ? (
        <>
          <Section id="codes" title={t.t('secondFactor.newCodes')}>
            <p>{t.t('secondFactor.newCodes.about')}</p>
            {form('codes', 'secondFactor.newCodes')}
          </Section>
          <Section id="off" title={t.t('secondFactor.turnOff')}>
            <p>{t.t('secondFactor.turnOff.about')}</p>
            {form('off', 'secondFactor.turnOff')}
          </Section>
        </>
      ) : null,
    },
  )
}

type Act = 'begin' | 'codes' | 'off'

function PasswordField({ act, t }: { act: Act; t: Translator }) {
  return (
    <TextField
      id={`password-${act}`}
      name="password"
      type="password"
      label={t.t('account.password')}
      autoComplete="current-password"
      maxLength={128}
    />
  )
}

function frame(
  { t, page }: Visit,
  main: ReactNode,
  { status = 200, below }: { status?: number; below?: ReactNode } = {},
): Response {
  const title = t.t('secondFactor.title')
  return page(
    <>
      <Sheet title={title}>{main}</Sheet>
      {below}
    </>,
    title,
    { status },
  )
}

/** The secret, to be scanned or typed, and the field for a first code. */
function showEnrolment(visit: Visit, { uri, typed }: Enrolment, wrong = false): Response {
  const { t, local } = visit
  return frame(
    visit,
    <>
      <p className="lead">{t.t('secondFactor.scan')}</p>
      <QrCode text={uri} label={t.t('secondFactor.qr')} />
      <p>
        {t.t('secondFactor.typed')}
        <br />
        <code className={css.secret}>{typed}</code>
      </p>
      <Form action={local(path)} submit={t.t('secondFactor.confirm')}>
        <input type="hidden" name="do" value="confirm" />
        <CodeField
          id="code"
          label={t.t('secondFactor.code')}
          error={wrong ? t.t('secondStep.wrong') : undefined}
        />
      </Form>
    </>,
    { status: wrong ? 422 : 200 },
  )
}

function showCodes(visit: Visit, codes: readonly string[]): Response {
  const { t, local } = visit
  return frame(
    visit,
    <>
      <Notice>{t.t('secondFactor.codes')}</Notice>
      <ul className={css.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <a href={local('/account')}>{t.t('secondFactor.done')}</a>
    </>,
  )
}

/** Sets the second factor up, renews recovery codes, or turns it off: each by who knows the password, or has the app. */
export async function saveSecondFactor(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { db, secondFactors } = desk
  const { person } = who
  const act = visit.form.get('do')
  if (act === 'confirm') return await confirm(visit, who, desk)
  if (act !== 'begin' && act !== 'codes' && act !== 'off') return refused(visit, 404)
  const tried = await tryToSignIn(db.hot, person.email, visit.client)
  if ('wait' in tried) return refused(visit, 429, tried.wait)
  if (!(await isProven(visit, who, desk, act))) {
    return await showSecondFactor(visit, who, desk, 'secondFactor.notProven')
  }
  await tried.right()
  if (act === 'begin') {
    const enrolment = await secondFactors.begin(person)
    return enrolment ? showEnrolment(visit, enrolment) : visit.goTo(path)
  }
  if (!(await secondFactors.isOn(person.id))) return visit.goTo(path)
  if (act === 'codes') return showCodes(visit, await secondFactors.renewCodes(person.id))
  await removeSecondFactor(db.hot, person.id)
  return visit.goTo(path)
}

/** Who has no password shows a code instead, once there is an app that makes them. */
async function isProven(visit: Visit, { person }: SignedIn, desk: Desk, act: Act) {
  const { auth, secondFactors } = desk
  if (await hasPassword(auth, person.id)) {
    return await isPassword(auth, person.id, visit.form.get('password') ?? '')
  }
  if (act === 'begin') return true
  return (await secondFactors.check(person.id, visit.form.get('code') ?? '')) !== undefined
}

async function confirm(visit: Visit, { person }: SignedIn, desk: Desk): Promise<Response> {
  const tried = await tryToSignIn(desk.db.hot, `second step of ${person.id}`, visit.client)
  if ('wait' in tried) return refused(visit, 429, tried.wait)
  const confirmed = await desk.secondFactors.confirm(person, visit.form.get('code') ?? '')
  if (!confirmed) return visit.goTo(path)
  if ('again' in confirmed) return showEnrolment(visit, confirmed.again, true)
  await tried.right()
  return showCodes(visit, confirmed.codes)
}
