import type { Hono } from 'hono'
import { changePassword, endSession, saveProfile, showAccount, signOut } from './account.tsx'
import { savePeople, showMail, showPeople } from './admin.tsx'
import { showAdminLink, takeAdminLink } from './admin-link.tsx'
import { saveApiTokens, showApiTokens } from './api-tokens.tsx'
import { giveData, showData } from './data.tsx'
import { erase, showErase, showErased } from './erase.tsx'
import { saveMailChoices, showUnsubscribe, unsubscribe } from './mails.tsx'
import { forgot, reset, showForgot, showReset } from './passwords.tsx'
import { removePhoto, savePhoto } from './photo.tsx'
import { comeFromProvider, leaveForProvider } from './provider.tsx'
import { saveSecondFactor, showSecondFactor } from './second-factor.tsx'
import { showSecondStep, takeSecondStep } from './second-step.tsx'
import { showSignIn, signIn } from './sign-in.tsx'
import { showSignUp, showVerify, signUp, verify } from './sign-up.tsx'
import { type Desk, mountPage, only, type SignedIn, type Visit } from './visit.ts'

/** Every page of accounts, and who may do what there: docs/permissions.md has the table, and a test compares. */
export function mountPages(app: Hono, desk: () => Promise<Desk>): void {
  type Page = Parameters<typeof mountPage>[3]
  const mount = (path: string, handlers: Page) => mountPage(app, desk, path, handlers)
  const at =
    (handle: (visit: Visit, desk: Desk) => Response | Promise<Response>) => async (visit: Visit) =>
      await handle(visit, await desk())
  const own = (handle: (visit: Visit, who: SignedIn, desk: Desk) => Response | Promise<Response>) =>
    only('learner', async (visit, who) => await handle(visit, who, await desk()))
  const admin = (handle: (visit: Visit, desk: Desk) => Response | Promise<Response>) =>
    only('administrator', async (visit) => await handle(visit, await desk()))
  const home = (visit: Visit) => visit.goTo('/account')

  mount('/sign-in', { get: at(showSignIn), post: at(signIn) })
  mount('/sign-in/second-step', { get: at(showSecondStep), post: at(takeSecondStep) })
  mount('/sign-in/with', { get: at(leaveForProvider) })
  mount('/sign-in/from/:provider', { get: at(comeFromProvider) })
  mount('/sign-up', { get: showSignUp, post: at(signUp) })
  mount('/sign-out', { get: home, post: at(signOut) })
  mount('/verify', { get: (visit) => showVerify(visit), post: at(verify) })
  mount('/forgot', { get: (visit) => showForgot(visit), post: at(forgot) })
  mount('/reset', { get: (visit) => showReset(visit), post: at(reset) })
  mount('/account', {
    get: own((visit, who, at) => showAccount(visit, who, at)),
    post: own(saveProfile),
  })
  mount('/account/password', { get: home, post: own(changePassword) })
  mount('/account/second-step', {
    get: own((visit, who, at) => showSecondFactor(visit, who, at)),
    post: own(saveSecondFactor),
  })
  mount('/account/sessions', { get: home, post: own(endSession) })
  mount('/account/tokens', {
    get: own((visit, who, at) => showApiTokens(visit, who, at)),
    post: own(saveApiTokens),
  })
  mount('/account/photo', { get: home, post: own(savePhoto), isFile: true })
  mount('/account/photo/remove', { get: home, post: own(removePhoto) })
  mount('/account/mails', { get: home, post: own(saveMailChoices) })
  mount('/account/data', {
    get: own((visit, _who, desk) => showData(visit, desk)),
    post: own(giveData),
  })
  mount('/account/erase', {
    get: own((visit, who, desk) => showErase(visit, who, desk)),
    post: own(erase),
  })
  mount('/account/erased', { get: at(showErased) })
  mount('/unsubscribe', { get: at(showUnsubscribe), post: at(unsubscribe), fromAnywhere: true })
  mount('/admin/link', { get: (visit) => showAdminLink(visit), post: at(takeAdminLink) })
  mount('/admin/mail', { get: admin(showMail) })
  mount('/admin/people', {
    get: admin((visit, at) => showPeople(visit, at)),
    post: admin(savePeople),
  })
}
