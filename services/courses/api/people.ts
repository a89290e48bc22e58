import { once } from '@colonnade/db'
import {
  answerUnderKey,
  type Erased,
  erased,
  type KeepsPersonalData,
  type ServiceContext,
} from '@colonnade/http'
import { defaultLanguage, findLanguage, translator } from '@colonnade/ui'
import { throwAwayDraft } from '../publishing/draft.ts'
import { disown, listOwned } from '../queries/people.ts'

/** What courses keep of people: which ones they brought. What is published stays, as learners rest on it. */
export function keepsOf({ db }: ServiceContext): KeepsPersonalData {
  return {
    async exportPerson(person) {
      const courses = await listOwned(db.work, person)
      if (courses.length === 0) return null
      return { data: { courses } }
    },

    async erasePerson(person, { language, key }): Promise<Erased> {
      const { t } = translator(findLanguage(language) ?? defaultLanguage)
      const asked = { scope: 'erase', key, request: person }
      const answer = await once(db.work, 'courses', asked, async (tx) => {
        const courses = await listOwned(tx, person)
        const drafts = courses.filter(({ hasDraft }) => hasDraft)
        const published = courses.filter(({ wasPublished }) => wasPublished).length
        await disown(tx, person)
        for (const { id } of drafts) await throwAwayDraft(tx, id)
        const done: Erased = {
          erased: drafts.length > 0 ? [t('erase.drafts', { count: drafts.length })] : [],
          kept:
            published > 0
              ? [{ what: t('erase.courses', { count: published }), why: t('erase.courses.why') }]
              : [],
        }
        return { status: 200, body: JSON.stringify(done) }
      })
      return erased.parse(JSON.parse(answerUnderKey(answer)))
    },
  }
}
