import type { FragmentAnswer } from '@colonnade/http'
import {
  ButtonLink,
  Facts,
  localPath,
  Notice,
  placeColumns,
  renderHtml,
  Section,
  type Translator,
} from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from './certificate.module.css'
import {
  type Certificate,
  certificatePath,
  certificateTag,
  credentialPath,
  documentPath,
} from './certificate.ts'
import { columnsOf } from './columns.ts'
import { factsOf } from './facts.ts'
import type { Issuer } from './issuer.ts'
import { qrPath } from './qr.ts'

type Shown = {
  certificate: Certificate
  issuer: Issuer
  /** Whether there is a PDF of it. */
  drawable: boolean
  t: Translator
}

/** A certificate's public page: what is on record, for whoever holds a copy of it. */
export function renderCertificate(shown: Shown): FragmentAnswer {
  const { certificate, t } = shown
  const { id, learner: name, course } = certificate
  const title =
    name === null
      ? t.t('certificate.heading.nameless', { course: course.title })
      : t.t('certificate.heading', { course: course.title, name })
  return {
    html: renderHtml(<Page {...shown} />),
    tags: [certificateTag(id)],
    meta: {
      title,
      description: stateOf(shown).text,
      canonical: certificatePath(id),
      image: `/learn/${course.slug}/picture.png`,
      // For those who were given the address: a name is nobody's to search for.
      noindex: true,
    },
  }
}

function Page(shown: Shown): ReactElement {
  const { certificate, issuer, t } = shown
  const { learner, course, organisations, modules } = certificate
  return (
    <section id="certificate" aria-labelledby="certificate-title" className={css.certificate}>
      <div className="wrap">
        <State {...shown} />
        <div className={css.leaf}>
          <div className={css.words}>
            <h1 id="certificate-title" className={css.kind}>
              {t.t('certificate.title')}
            </h1>
            {learner === null ? null : (
              <>
                <p className={css.name} dir="auto" data-length={lengthOf(learner)}>
                  {learner}
                </p>
                <p className="quiet">{t.t('certificate.completed')}</p>
              </>
            )}
            <p className={css.course} lang={course.language} dir="auto">
              <a href={localPath(t.lang, `/learn/${course.slug}`)}>{course.title}</a>
            </p>
            {organisations.length > 0 ? (
              <p className="quiet">{t.t('certificate.by', { names: t.list(organisations) })}</p>
            ) : null}
          </div>
          <Code address={issuer.url + certificatePath(certificate.id)} t={t} />
        </div>
      </div>
      <Building modules={modules} />
      <div className={`wrap ${css.facts}`}>
        <Facts facts={factsOf(certificate, t)} layout="line" />
      </div>
      <Check {...shown} />
      {modules.length > 0 ? (
        <Section id="modules" title={t.t('certificate.modules')} className={css.took}>
          <ol className={css.modules} lang={course.language}>
            {modules.map(({ title, minutes }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what is on record never changes its order
              <li key={at}>
                <span dir="auto">{title}</span>
                <span className="quiet number" lang={t.lang}>
                  {t.duration(minutes)}
                </span>
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
    </section>
  )
}

/** So that a long name does not fill the page by itself. */
const lengthOf = (name: string) =>
  name.length > 80 ? 'endless' : name.length > 32 ? 'long' : 'short'

function stateOf({ certificate, issuer, t }: Shown): {
  kind: 'valid' | 'revoked' | 'nameless'
  text: string
} {
  const { revoked, learner } = certificate
  if (revoked) {
    const values = { date: t.date(revoked.at), reason: revoked.reason }
    return { kind: 'revoked', text: t.t('certificate.revoked.more', values) }
  }
  if (learner === null) return { kind: 'nameless', text: t.t('certificate.nameless.more') }
  return { kind: 'valid', text: t.t('certificate.valid.more', { site: issuer.name }) }
}

const signs = { valid: 'M3 10l4.5 4.5L17 5', revoked: 'M4 4l12 12M16 4L4 16', nameless: 'M3 10h14' }

function State(shown: Shown): ReactElement {
  const { kind, text } = stateOf(shown)
  return (
    <div className={css.state} data-state={kind}>
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        <path d={signs[kind]} />
      </svg>
      <p dir="auto">
        <strong>{shown.t.t(`certificate.${kind}`)}.</strong> {text}
      </p>
    </div>
  )
}

function Code({ address, t }: { address: string; t: Translator }): ReactElement {
  const { path, size } = qrPath(address)
  return (
    <figure className={css.code}>
      <svg
        viewBox={`-4 -4 ${size + 8} ${size + 8}`}
        width="160"
        height="160"
        role="img"
        aria-label={t.t('certificate.code', { address })}
      >
        <rect x="-4" y="-4" width={size + 8} height={size + 8} />
        <path d={path} />
      </svg>
      <figcaption className="quiet small">
        {t.t('certificate.scan')} <span className={css.address}>{address}</span>
      </figcaption>
    </figure>
  )
}

/** Lines down a column, equally far apart in every column. */
function flutes(left: number, right: number): string {
  const count = Math.max(0, Math.floor((right - left - 8) / 12))
  const from = (left + right - (count - 1) * 12) / 2
  const lines = Array.from({ length: count }, (_, at) => {
    return `M${Math.round((from + at * 12) * 10) / 10} ${building.top + 26}V${building.ground}`
  })
  return lines.join('')
}

const building = { width: 1200, height: 150, ground: 138, top: 34, inset: 40, reach: 22 }

/** The course as it stands when all is done: every column filled. */
function Building({ modules }: Pick<Certificate, 'modules'>): ReactElement {
  const { width, height, ground, top, inset, reach } = building
  return (
    <svg
      className={css.building}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
      focusable="false"
    >
      <rect className={css.sky} width={width} height={height} />
      {placeColumns(columnsOf(modules), width - 2 * inset, reach, 12).map((column) => {
        const left = inset + column.x
        const out = Math.min(reach / 2, column.width / 3)
        const right = left + column.width
        return (
          <g key={column.module.key}>
            <path
              className={css.stone}
              d={`M${left} ${ground}V${top + 18}l${-out} -12V${top}H${right + out}v6l${-out} 12V${ground}Z`}
            />
            <path className={css.flutes} d={flutes(left, right)} />
          </g>
        )
      })}
      <rect
        className={css.beam}
        x={inset - 8}
        y={top - 16}
        width={width - 2 * inset + 16}
        height="16"
      />
      <rect className={css.ground} y={ground} width={width} height={height - ground} />
    </svg>
  )
}

function Check({ certificate, issuer, drawable, t }: Shown): ReactElement {
  const { id, learner, revoked } = certificate
  const offers = learner !== null && !revoked
  return (
    <Section id="check" title={t.t('certificate.check')} className={css.check}>
      <div className={css.how}>
        <p>{t.t('certificate.check.how', { site: issuer.name })}</p>
        {learner === null ? null : <p>{t.t('certificate.check.digital', { did: issuer.did })}</p>}
        {offers && !drawable ? <Notice>{t.t('certificate.print')}</Notice> : null}
        <div className={css.offers} data-print="no">
          {offers && drawable ? (
            <ButtonLink look="main" href={`${documentPath(id)}?lang=${t.lang}`}>
              {t.t('certificate.pdf')}
            </ButtonLink>
          ) : null}
          {learner === null ? null : (
            <ButtonLink look="plain" href={credentialPath(id)}>
              {t.t('certificate.credential')}
            </ButtonLink>
          )}
        </div>
      </div>
    </Section>
  )
}
