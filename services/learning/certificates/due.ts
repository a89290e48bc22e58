import type { AccountsClient, Addressee } from '@colonnade/accounts/contract'
import type { Transaction } from '@colonnade/db'
import { tell } from '@colonnade/events'
import { defaultLanguage, findLanguage, localPath, translator } from '@colonnade/ui'
import type { Plan } from '../plan.ts'
import { findEnrolment, lockEnrolments } from '../queries/enrolments.ts'
import { listGrades } from '../queries/grades.ts'
import type { Learning } from '../running.ts'
import { certificatePath, certificateTag } from './certificate.ts'
import { issueCertificate } from './issue.ts'
import type { Site } from './issuer.ts'
import { listDue, putOff, takeDue } from './queries.ts'

const atOnce = 50

type Issued = { id: string; learner: Addressee; plan: Plan }

/**
 * Issues the certificates that are due, and writes to their learners. One that fails, because accounts is away and nobody
 * can say the name, is tried again; the others do not wait for it.
 */
export async function issueDue(
  { db, plans, nudge, log }: Learning,
  accounts: Pick<AccountsClient, 'listPeople' | 'sendMail'>,
  site: Site,
): Promise<void> {
  for (const enrolment of await listDue(db.hot, atOnce)) {
    try {
      const issued = await db.work.begin(async (tx) =>
        (await takeDue(tx, enrolment)) ? await issueFor(tx, enrolment) : undefined,
      )
      if (!issued) continue
      nudge()
      // The page at hand shows it too: a mail that cannot be queued now is not worth waiting for.
      await accounts
        .sendMail(letter(issued, site))
        .catch((err) => log.warn({ err }, 'nobody was written to about a certificate'))
    } catch (err) {
      log.warn({ err, enrolment }, 'a certificate is not issued yet')
      await putOff(db.hot, enrolment)
    }
  }

  async function issueFor(tx: Transaction, enrolment: string): Promise<Issued | undefined> {
    const found = await findEnrolment(tx, enrolment)
    const plan = found && (await plans.of(found.courseId, found.revision))
    if (!found || !plan) throw new Error(`no plan for enrolment ${enrolment}`)
    const [learner] = await accounts.listPeople([found.person])
    // Whoever is gone by now left no name to write.
    if (!learner) return undefined
    const [held] = await lockEnrolments(tx, [enrolment])
    // Nor who had themselves erased while their name was on its way.
    if (held?.person !== learner.id) return undefined
    const [grade] = await listGrades(tx, [enrolment])
    const id = await issueCertificate(tx, {
      enrolment,
      person: found.person,
      learner: learner.name,
      course: { id: plan.courseId, slug: plan.slug, title: plan.title, language: plan.language },
      organisations: plan.organisations,
      modules: plan.modules.map(({ title, lessons }) => ({ title, minutes: minutesOf(lessons) })),
      grade: grade ? { share: grade.share, threshold: grade.threshold } : null,
    })
    await tell(tx, 'learning', { type: 'certificate.issued', subject: certificateTag(id) })
    return { id, learner, plan }
  }
}

const minutesOf = (lessons: Plan['modules'][number]['lessons']) =>
  lessons.reduce((sum, { minutes }) => sum + minutes, 0)

function letter({ id, learner, plan }: Issued, { url }: Site) {
  const lang = findLanguage(learner.language) ?? defaultLanguage
  const values = {
    name: learner.name,
    course: plan.title.replace(/\s+/g, ' '),
    address: url + localPath(lang, certificatePath(id)),
  }
  return {
    person: learner.id,
    kind: 'certificate' as const,
    subject: translator(lang).t('certificate.mail.subject', values).slice(0, 200),
    text: translator(lang).t('certificate.mail.text', values),
    key: `learning:certificate:${id}`,
  }
}
