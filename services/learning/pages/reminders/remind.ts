import { createHash } from 'node:crypto'
import { defaultLanguage, findLanguage, localPath, translator } from '@colonnade/ui'
import { dueAt } from '../../grading/due.ts'
import type { Plan } from '../../plan.ts'
import type { Pages } from '../open.ts'
import { itemPath } from '../paths.ts'
import { knownZone, whenText } from '../when.tsx'
import { addReminder, listLearned, listOwing, type Owing } from './queries.ts'

const atOnce = 200

type Reminding = Pick<Pages, 'db' | 'plans' | 'accounts' | 'origin'>

/**
 * Writes to everybody for whom something is due within a day and who has not handed it in: once for each learner and
 * item. Accounts sends what it was given once by its key, and leaves out who refuses such mails, so doing it twice, or
 * in two processes, does no harm; while accounts is away it throws, and the next time goes on.
 * @returns how many were told
 */
export async function remind(reminding: Reminding): Promise<number> {
  const { db, plans } = reminding
  let told = 0
  for (const { courseId, revision } of await listLearned(db.work)) {
    const plan = await plans.of(courseId, revision)
    if (!plan) continue
    for (const { key, graded } of plan.items.values()) {
      const due = graded?.due
      if (!due) continue
      const when = 'days' in due ? due : { at: dueAt(due, 0) ?? 0 }
      const item = { courseId, revision, item: key }
      for (;;) {
        const owing = await listOwing(db.work, item, when, atOnce)
        await tell(reminding, plan, key, owing)
        told += owing.length
        if (owing.length < atOnce) break
      }
    }
  }
  return told
}

async function tell(
  { db, accounts, origin }: Reminding,
  plan: Plan,
  key: string,
  owing: readonly Owing[],
): Promise<void> {
  if (owing.length === 0) return
  const people = new Map(
    (await accounts.listPeople(owing.map(({ person }) => person))).map((one) => [one.id, one]),
  )
  for (const one of owing) {
    const person = people.get(one.person)
    if (person) {
      const lang = findLanguage(person.language) ?? defaultLanguage
      const t = translator(lang)
      const item = plan.items.get(key)?.title ?? key
      await accounts.sendMail({
        person: one.person,
        kind: 'due',
        subject: t.t('learn.mail.due.subject', { item }).slice(0, 200),
        text: t.t('learn.mail.due.text', {
          ...{ item, course: plan.title },
          when: whenText(one.dueAt, knownZone(person.timeZone), t),
          link: origin + localPath(lang, itemPath(plan.slug, key)),
        }),
        key: `learning:due:${one.enrolment}:${digestOf(key)}`,
      })
    }
    await addReminder(db.work, one, key)
  }
}

/** An item's key may be longer than a mail's. */
const digestOf = (key: string) => createHash('sha256').update(key).digest('base64url')
