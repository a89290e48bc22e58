/** What a certificate says of a course, a learner and their work: all that is needed to issue one. */
export type Earned = {
  enrolment: string
  person: string
  /** The name as it will stand on the certificate; a later change of name does not change it. */
  learner: string
  course: { id: number; slug: string; title: string; language: string }
  organisations: readonly string[]
  modules: readonly CertifiedModule[]
  /** `share` from 0 to 1; null where nothing is graded. */
  grade: Grade | null
}

export type CertifiedModule = { title: string; minutes: number }
export type Grade = { share: number; threshold: string | null }

/** A certificate as it is kept. Instants are ISO texts in UTC, to the second. */
export type Certificate = Omit<Earned, 'person' | 'learner'> & {
  id: string
  /** Null once its learner had themselves erased: the rest stands, for whoever relies on it. */
  learner: string | null
  issuedAt: string
  revoked: { at: string; reason: string } | null
  /** Its place in the status lists. */
  statusNumber: number
}

/** Cache tag of all that shows a certificate, and the subject of what is told of it. */
export const certificateTag = (id: string) => `certificate:${id}`

/** A certificate's public page, without a language's prefix. */
export const certificatePath = (id: string) => `/certificates/${id}`
export const documentPath = (id: string) => `/certificates/${id}/certificate.pdf`
export const credentialPath = (id: string) => `/credentials/${id}`
export const statusListPath = (list: number) => `/credentials/status/${list}`
