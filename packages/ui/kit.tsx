import type { ReactElement } from 'react'
import { Breadcrumb } from './components/breadcrumb.tsx'
import { ColonnadeProgress } from './components/colonnade-progress.tsx'
import { Section } from './components/section.tsx'
import css from './elements/kit.module.css'
import { begun, chance } from './kit/data.ts'
import { Foundations } from './kit/foundations.tsx'
import { Forms, People, Reviews, Row, States, Words } from './kit/parts.tsx'
import { KitColonnades, KitShelves } from './kit/shelves.tsx'
import type { Translator } from './translator.ts'

/**
 * Every component in every state, on one page: the content of its `<main>`. Header and footer are the page's own.
 * @param props.picture address of any square picture, for the byline that has one
 */
export function KitPage(props: { t: Translator; picture?: string }): ReactElement {
  const { t } = props
  return (
    <div className={css.kit}>
      <div className="wrap">
        <Breadcrumb t={t} crumbs={[{ label: t.t('shell.courses'), href: '#' }, { label: 'Kit' }]} />
        <h1>Kit</h1>
        <p className="lead">
          Every component in every state, on the page that all pages are made from.
        </p>
      </div>
      <Foundations />
      <KitColonnades t={t} />
      <Section id="kit-progress" title="Progress">
        <Row>
          <ColonnadeProgress t={t} modules={begun} subject="mathematics" current="m3" />
          <ColonnadeProgress t={t} modules={chance} subject="data" current="m1" />
        </Row>
      </Section>
      <KitShelves t={t} />
      <Forms t={t} />
      <People {...props} />
      <Reviews t={t} />
      <Words t={t} />
      <States t={t} />
    </div>
  )
}
