import { once } from '@colonnade/db'
import {
  answerUnderKey,
  type Erased,
  erased,
  type KeepsPersonalData,
  type ServiceContext,
} from '@colonnade/http'
import { defaultLanguage, findLanguage, translator } from '@colonnade/ui'
import { anonymiseReviews, listOwnReviews, listOwnVotes, removeVotes } from '../queries/people.ts'

/** What reviews keep of people: what they wrote and voted for. Stars stay, as ratings rest on them. */
export function keepsOf({ db, nudge }: ServiceContext): KeepsPersonalData {
  return {
    async exportPerson(person) {
      const [written, helpful] = await Promise.all([
        listOwnReviews(db.work, person),
        listOwnVotes(db.work, person),
      ])
      if (written.length + helpful.length === 0) return null
      return { data: { written, foundHelpful: helpful } }
    },

    async erasePerson(person, { language, key }): Promise<Erased> {
      const { t } = translator(findLanguage(language) ?? defaultLanguage)
      const asked = { scope: 'erase', key, request: person }
      const answer = await once(db.work, 'reviews', asked, async (tx) => {
        // Votes first: someone may have voted for what they wrote.
        const votes = await removeVotes(tx, person)
        const reviews = await anonymiseReviews(tx, person)
        const done: Erased = {
          erased: [
            ...(reviews > 0 ? [t('erase.reviews', { count: reviews })] : []),
            ...(votes > 0 ? [t('erase.votes', { count: votes })] : []),
          ],
          kept:
            reviews > 0
              ? [{ what: t('erase.stars', { count: reviews }), why: t('erase.stars.why') }]
              : [],
        }
        return { status: 200, body: JSON.stringify(done) }
      })
      nudge()
      return erased.parse(JSON.parse(answerUnderKey(answer)))
    },
  }
}
