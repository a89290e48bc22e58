import { coursesClient } from '@colonnade/courses/contract'
import { forgetOldKeys, ping } from '@colonnade/db'
import {
  Api,
  mountFragments,
  mountInternals,
  mountPersonalData,
  readPeople,
  type ServiceDefinition,
} from '@colonnade/http'
import { openAccess } from './access.ts'
import { mountAttempts } from './api/attempts.ts'
import { mountEnrolments } from './api/enrolments.ts'
import { mountIntake } from './api/intake.ts'
import { mountInternal } from './api/internal.ts'
import { mountLog } from './api/log.ts'
import { mountMarking } from './api/marking.ts'
import { keepsOf, mountHandedIn } from './api/people.ts'
import { mountRegrading } from './api/regrade.ts'
import { mountTeaching } from './api/teaching.ts'
import { sweep } from './attempting.ts'
import { certificates, openCertificates } from './certificates/certificates.ts'
import { mountDesk } from './desk/desk.ts'
import { personal as desk } from './desk/paths.ts'
import { fragments as here, sections as hereSections, publicFragments } from './here/public.tsx'
import { mountHere } from './here/route.ts'
import { openPages } from './pages/open.ts'
import { mountPages } from './pages/pages.ts'
import { personal } from './pages/paths.ts'
import { remind } from './pages/reminders/remind.ts'
import { openPlans } from './plan.ts'
import type { Learning } from './running.ts'
import { reading, writing } from './scopes.ts'

const sweepMs = 15_000
const remindMs = 600_000
const hour = 3_600_000

const fragments = { ...here, ...certificates.fragments }

/** Who learns what: enrolments, the log of their work, grades and certificates. */
export const learning: ServiceDefinition = {
  name: 'learning',
  people: true,
  routes: [
    '/api/enrolments',
    '/api/enrolments/:id',
    '/api/enrolments/:id/log',
    '/api/enrolments/:id/attempts',
    '/api/enrolments/:id/grade',
    '/api/enrolments/:id/leave',
    '/api/enrolments/:id/move',
    '/api/enrolments/:id/extensions',
    '/api/attempts/:id',
    '/api/attempts/:id/marks',
    '/api/courses/:id/intake',
    '/my/here',
    '/api/courses/:id/learners',
    '/api/courses/:id/learners.csv',
    '/api/courses/:id/progress',
    '/api/courses/:id/analysis',
    '/api/courses/:id/essays',
    '/api/courses/:id/regrade',
    '/api/courses/:id/regrades',
    '/api/courses/:id/move',
    ...certificates.routes,
  ],
  personal: [...personal, ...desk],
  scopes: [reading, writing],
  patient: ['/api/courses/:id/regrade', '/api/courses/:id/move', '/api/courses/:id/learners.csv'],
  kept: certificates.kept,
  fragments,
  pages: certificates.pages,
  sections: [...hereSections, ...certificates.sections],
  migrations: import.meta.glob<string>('./migrations/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  open(context) {
    const { db, trust, log, nudge, operatorToken } = context
    const api = new Api(operatorToken)
    const courses = coursesClient(context.peer('courses'), trust)
    const plans = openPlans(db, courses)
    const people = readPeople(context.peer('accounts'))
    const access = openAccess({ people, operatorToken, sql: db.hot, owners: courses.listOwners })
    const running: Learning = { db, nudge, log, plans, access }
    mountEnrolments(api, running)
    mountLog(api, running)
    mountAttempts(api, running)
    mountIntake(api, running)
    mountTeaching(api, running)
    mountMarking(api, running)
    mountRegrading(api, running)
    mountInternals(api.app, { trust, openApi: () => api.openApi(), ready: () => ping(db) })
    mountInternal(api.app, running)
    mountPersonalData(api.app, keepsOf(running))
    mountHandedIn(api.app, running)
    mountHere(api.app, running)
    const pages = openPages(context, running)
    mountPages(api.app, pages)
    mountDesk(api.app, pages)
    const { certificate, close: endIssuing } = openCertificates(api, running, context)
    const fragment = mountFragments(api.app, { name: 'learning', fragments }, context.assets, {
      certificate,
      ...publicFragments,
    })

    const sweeping = setInterval(() => {
      sweep(running).catch((err) => log.warn({ err }, 'attempts whose time is over wait'))
    }, sweepMs)
    sweeping.unref()
    const reminding = setInterval(() => {
      remind(pages).catch((err) => log.warn({ err }, 'reminders of what is due wait'))
    }, remindMs)
    reminding.unref()
    const forgetting = setInterval(() => {
      forgetOldKeys(db.work, 'learning').catch((err) => log.warn({ err }, 'old keys not removed'))
    }, hour)
    forgetting.unref()

    return {
      app: api.app,
      fragment,
      ready: () => ping(db),
      async close() {
        clearInterval(sweeping)
        clearInterval(reminding)
        clearInterval(forgetting)
        await endIssuing()
      },
    }
  },
}
