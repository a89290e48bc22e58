import { defaultLanguage, findLanguage, translator } from '@colonnade/ui'
import { type Certificate, certificatePath, credentialPath } from './certificate.ts'
import { credentialsContext, openBadgesContext } from './contexts.ts'
import { criteriaOf } from './criteria.ts'
import type { Issuer } from './issuer.ts'
import type { Unsigned } from './sign.ts'
import { statusEntry } from './status-list.ts'

/**
 * A certificate as an Open Badges 3.0 credential (1EdTech), on the Verifiable Credentials Data Model 2.0. It speaks the
 * course's language, where the platform does.
 */
export function credentialDocument(
  issuer: Issuer,
  certificate: Certificate & { learner: string },
): Unsigned {
  const { id, course, grade } = certificate
  const t = translator(findLanguage(course.language) ?? defaultLanguage)
  const page = issuer.url + certificatePath(id)
  const profile = { id: issuer.did, type: ['Profile'], name: issuer.name, url: issuer.url }
  const scale = `${page}#grade`
  return {
    '@context': [credentialsContext, openBadgesContext],
    id: issuer.url + credentialPath(id),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: profile,
    validFrom: certificate.issuedAt,
    name: course.title,
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [
        {
          type: 'IdentityObject',
          identityHash: certificate.learner,
          identityType: 'name',
          hashed: false,
        },
      ],
      achievement: {
        id: `${issuer.url}/learn/${course.slug}`,
        type: ['Achievement'],
        achievementType: 'Course',
        name: course.title,
        description: describe(certificate, t.list),
        inLanguage: course.language,
        criteria: { narrative: criteriaOf(certificate, t) },
        image: { id: `${issuer.url}/learn/${course.slug}/picture.png`, type: 'Image' },
        creator: profile,
        ...(grade
          ? {
              resultDescription: [
                {
                  id: scale,
                  type: ['ResultDescription'],
                  name: t.t('certificate.grade'),
                  resultType: 'Percent',
                },
              ],
            }
          : {}),
      },
      ...(grade
        ? {
            result: [{ type: ['Result'], resultDescription: scale, value: percent(grade.share) }],
          }
        : {}),
    },
    evidence: [{ id: page, type: ['Evidence'], name: t.t('certificate.title') }],
    credentialStatus: statusEntry(issuer, certificate.statusNumber),
  }
}

/** What the course is: its title, and who offers it. */
function describe(
  { course, organisations }: Certificate,
  list: (items: readonly string[]) => string,
) {
  return organisations.length === 0 ? course.title : `${course.title} (${list(organisations)})`
}

/** As Open Badges write a percentage: a number without its sign, rounded down, so that nobody gains by it. */
const percent = (share: number) => String(Math.floor(share * 1000 + 1e-6) / 10)
