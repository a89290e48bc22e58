import { refused } from '@colonnade/personal'
import { Form, Notice, Sheet } from '@colonnade/ui'
import { APIError } from 'better-auth/api'
import { withHint } from '../cookies.ts'
import { digestOf } from '../digest.ts'
import { tryToSignIn } from '../guesses.ts'
import { isAdminLink, takeAdminRole } from '../queries/accounts.ts'
import { askSecondStep } from './enter.ts'
import { AccountFields, readNewAccount, type Wrong } from './sign-up.tsx'
import type { Desk, Visit } from './visit.ts'

type Shown = { name?: string; email?: string; wrong?: Wrong; ended?: boolean; error?: string }

/** Whoever is signed in becomes administrator by a button; others make their account here, without a mail. */
export async function showAdminLink(visit: Visit, shown: Shown = {}): Promise<Response> {
  const { t, local, page, query, form } = visit
  const title = t.t('admin.link')
  const who = await visit.signedIn()
  const { wrong, ended, error, ...given } = shown
  const failure = ended ? t.t('admin.link.ended') : error
  return page(
    <Sheet title={title}>
      {failure ? <Notice kind="error">{failure}</Notice> : null}
      {ended ? null : (
        <>
          <p className="lead">
            {who ? t.t('admin.link.signedIn', { name: who.person.name }) : t.t('admin.link.new')}
          </p>
          <Form action={local('/admin/link')} submit={title}>
            <input
              type="hidden"
              name="token"
              value={query.get('token') ?? form.get('token') ?? ''}
            />
            {who ? null : <AccountFields t={t} {...given} wrong={wrong ?? {}} />}
          </Form>
        </>
      )}
    </Sheet>,
    title,
    failure || wrong ? { status: 422 } : {},
  )
}

/** The link is used up with the role that it gives; a mistake in the form leaves it as it is. */
export async function takeAdminLink(visit: Visit, desk: Desk): Promise<Response> {
  const { auth, db } = desk
  const token = visit.form.get('token') ?? ''
  const digest = digestOf(token)
  const who = await visit.signedIn()
  if (who) {
    const given = await takeAdminRole(db.hot, digest, who.person.id)
    return given ? visit.goTo('/account') : await showAdminLink(visit, { ended: true })
  }
  if (!(await isAdminLink(db.hot, digest))) return await showAdminLink(visit, { ended: true })
  const { name, email, password, wrong, isRight } = readNewAccount(visit.form)
  if (!isRight) return await showAdminLink(visit, { name, email, wrong })
  const tried = await tryToSignIn(db.hot, email, visit.client)
  if ('wait' in tried) return refused(visit, 429, tried.wait)
  const { internalAdapter, password: hasher } = await auth.$context
  const known = await internalAdapter.findUserByEmail(email)
  if (!known) {
    // Whoever holds the link runs this installation: their address needs no proof.
    const person = await internalAdapter.createUser(
      { name, email, emailVerified: true, language: visit.lang },
      { method: 'email-password' },
    )
    const hash = await hasher.hash(password)
    const account = { providerId: 'credential', accountId: person.id, password: hash }
    await internalAdapter.linkAccount({ ...account, userId: person.id })
  }
  try {
    const { headers, response } = await auth.api.signInEmail({
      body: { email, password },
      headers: visit.request.headers,
      returnHeaders: true,
    })
    await tried.right()
    const back = visit.local(`/admin/link?token=${encodeURIComponent(token)}`)
    const half = await askSecondStep(visit, desk, response.user.id, back)
    if (half) {
      await (await auth.$context).internalAdapter.deleteSession(response.token)
      return half
    }
    const given = await takeAdminRole(db.hot, digest, response.user.id)
    const cookies = withHint(headers)
    return given ? visit.goTo('/account', cookies) : await showAdminLink(visit, { ended: true })
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    return await showAdminLink(visit, { name, email, error: visit.t.t('account.wrong') })
  }
}
