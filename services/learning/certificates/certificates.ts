import { accountsClient } from '@colonnade/accounts/contract'
import type {
  Api,
  FragmentAnswer,
  FragmentRequest,
  FragmentSpec,
  Section,
  ServiceContext,
} from '@colonnade/http'
import { defaultLanguage, findLanguage, translator } from '@colonnade/ui'
import { z } from 'zod'
import type { Learning } from '../running.ts'
import { mountApi } from './api.ts'
import { certificateTag } from './certificate.ts'
import { isDrawable, mountDocuments } from './documents.ts'
import { issueDue } from './due.ts'
import { didPath, readSite } from './issuer.ts'
import { renderCertificate } from './page.tsx'
import { openPublisher } from './publish.ts'
import { findCertificate } from './queries.ts'

/** Addresses, page and fragment of certificates, for the service to declare. */
export const certificates = {
  routes: [
    '/certificates/:id/certificate.pdf',
    '/credentials/:id',
    '/credentials/status/:list',
    didPath,
    '/api/certificates/:id/revoke',
    '/api/certificates/:id/restore',
  ],
  kept: ['/credentials/:id', '/credentials/status/:list', didPath],
  fragments: {
    // No last good copy: what says that a certificate stands must be known now.
    certificate: {
      params: ['id'],
      budget: 1500,
      away: { message: 'away.certificate', height: 480 },
    },
  } satisfies Record<string, FragmentSpec>,
  pages: { certificate: { path: '/certificates/:id', params: [] } },
  sections: [
    { page: 'certificate', fragment: 'certificate', place: 10, width: 'wide', decides: true },
  ] satisfies Section[],
}

const issueEveryMs = 500

/** Mounts all of it, and issues what is due. @returns the page's fragment, and what ends the issuing */
export function openCertificates(api: Api, learning: Learning, context: ServiceContext) {
  const { db, log } = learning
  const site = readSite(context.env)
  const accounts = accountsClient(context.peer('accounts'), context.trust)
  const publisher = openPublisher(db, site)
  mountApi(api, learning, publisher)
  mountDocuments(api.app, db.hot, site)

  let issuing: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    issuing = issuing
      .then(() => issueDue(learning, accounts, site))
      .catch((err) => log.warn({ err }, 'certificates wait'))
  }, issueEveryMs)
  timer.unref()

  return {
    async certificate({ params, lang }: FragmentRequest): Promise<FragmentAnswer> {
      const id = z.uuid().safeParse(params.id)
      if (!id.success) return { status: 404 }
      const certificate = await findCertificate(db.hot, id.data)
      if (!certificate) return { status: 404, tags: [certificateTag(id.data)] }
      const [drawable, issuer] = await Promise.all([
        isDrawable(certificate, site),
        publisher.issuer(),
      ])
      const t = translator(findLanguage(lang) ?? defaultLanguage)
      return renderCertificate({ certificate, issuer, drawable, t })
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await issuing
    },
  }
}
