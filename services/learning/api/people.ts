import { once } from '@colonnade/db'
import { answerUnderKey, type Erased, erased, type KeepsPersonalData } from '@colonnade/http'
import { defaultLanguage, findLanguage, translator } from '@colonnade/ui'
import type { Hono } from 'hono'
import { z } from 'zod'
import { eraseCertificates } from '../certificates/personal.ts'
import { listCertificatesOf } from '../certificates/queries.ts'
import { inertHeaders } from '../pages/files/content-type.ts'
import { findFile } from '../pages/queries.ts'
import { erasePerson, exportPerson, listOwnFiles } from '../queries/people.ts'
import type { Learning } from '../running.ts'

const filePath = (id: string) => `/internal/handed-in/${id}`

/** What learning keeps of people: their work and their certificates. Points stay, since others' figures rest on them. */
export function keepsOf({ db, nudge }: Learning): KeepsPersonalData {
  return {
    async exportPerson(person) {
      const [{ enrolments }, certificates, files] = await Promise.all([
        exportPerson(db.work, person),
        listCertificatesOf(db.work, person),
        listOwnFiles(db.work, person),
      ])
      if (enrolments.length + certificates.length === 0) return null
      return {
        data: { enrolments, certificates },
        files: files.map(({ id, name }) => ({ name: archiveName(id, name), path: filePath(id) })),
      }
    },

    async erasePerson(person, { language, key }): Promise<Erased> {
      const { t } = translator(findLanguage(language) ?? defaultLanguage)
      const asked = { scope: 'erase', key, request: person }
      const answer = await once(db.work, 'learning', asked, async (tx) => {
        const { enrolments: count } = await erasePerson(tx, person)
        const { length: issued } = await eraseCertificates(tx, person)
        const certificates = {
          what: t('erase.certificates', { count: issued }),
          why: t('erase.certificates.why'),
        }
        const done: Erased = {
          erased: count > 0 ? [t('erase.learning', { count })] : [],
          kept: [
            ...(count > 0 ? [{ what: t('erase.points'), why: t('erase.points.why') }] : []),
            ...(issued > 0 ? [certificates] : []),
          ],
        }
        return { status: 200, body: JSON.stringify(done) }
      })
      nudge()
      return erased.parse(JSON.parse(answerUnderKey(answer)))
    },
  }
}

/** Gives a file of an export to accounts; mount after `mountInternals`, which checks who asks. */
export function mountHandedIn(app: Hono, { db }: Learning): void {
  app.get(filePath(':id'), async (c) => {
    const id = z.uuid().safeParse(c.req.param('id'))
    const file = id.success ? await findFile(db.work, id.data) : undefined
    if (!file) return c.notFound()
    return new Response(new Uint8Array(file.bytes), { headers: inertHeaders(file.name, file.type) })
  })
}

/** Two files may have one name; and an archive is unpacked anywhere. */
const archiveName = (id: string, name: string) =>
  `${id}-${name.replace(/[^\w.-]/g, '_').slice(-60)}`
