import type { AccountsClient } from '@colonnade/accounts/contract'
import type { Transaction } from '@colonnade/db'
import { tell } from '@colonnade/events'
import type { Plan } from '../plan.ts'
import { findEnrolment } from '../queries/enrolments.ts'
import { findGrade } from '../queries/grades.ts'
import type { Learning } from '../running.ts'
import { certificateTag } from './certificate.ts'
import { issueCertificate } from './issue.ts'
import { listDue, putOff, takeDue } from './queries.ts'

const atOnce = 50

/**
 * Issues the certificates that are due. One that fails, because accounts is away and nobody can say the name, is tried
 * again; the others do not wait for it.
 */
export async function issueDue(
  { db, plans, nudge, log }: Learning,
  accounts: Pick<AccountsClient, 'listPeople'>,
): Promise<void> {
  for (const enrolment of await listDue(db.hot, atOnce)) {
    try {
      await db.work.begin(async (tx) => {
        if (await takeDue(tx, enrolment)) await issueFor(tx, enrolment)
      })
      nudge()
    } catch (err) {
      log.warn({ err, enrolment }, 'a certificate is not issued yet')
      await putOff(db.hot, enrolment)
    }
  }

  async function issueFor(tx: Transaction, id: string): Promise<void> {
    const found = await findEnrolment(tx, id)
    const plan = found && (await plans.of(found.courseId, found.revision))
    if (!found || !plan) throw new Error(`no plan for enrolment ${id}`)
    const [learner] = await accounts.listPeople([found.person])
    // Whoever is gone by now left no name to write.
    if (!learner) return
    const grade = await findGrade(tx, id)
    const certificate = await issueCertificate(tx, {
      enrolment: id,
      person: found.person,
      learner: learner.name,
      course: { id: plan.courseId, slug: plan.slug, title: plan.title, language: plan.language },
      organisations: plan.organisations,
      modules: plan.modules.map(({ title, lessons }) => ({ title, minutes: minutesOf(lessons) })),
      grade: grade ? { share: grade.share, threshold: grade.threshold } : null,
    })
    await tell(tx, 'learning', { type: 'certificate.issued', subject: certificateTag(certificate) })
  }
}

const minutesOf = (lessons: Plan['modules'][number]['lessons']) =>
  lessons.reduce((sum, { minutes }) => sum + minutes, 0)
