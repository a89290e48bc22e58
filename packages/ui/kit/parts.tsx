import type { ReactElement, ReactNode } from 'react'
import { Away, awayText } from '../components/away.tsx'
import { Button, ButtonLink } from '../components/button.tsx'
import { Byline } from '../components/byline.tsx'
import { CodeCopy } from '../components/code-copy.tsx'
import { Disclosure } from '../components/disclosure.tsx'
import { Drum } from '../components/drum.tsx'
import { Empty } from '../components/empty.tsx'
import { ErrorPage } from '../components/error-page.tsx'
import { Facts } from '../components/facts.tsx'
import { FilterLinks } from '../components/filter-links.tsx'
import { Histogram } from '../components/histogram.tsx'
import { ExampleNote, Notice } from '../components/notice.tsx'
import { Pager } from '../components/pager.tsx'
import { Picture } from '../components/picture.tsx'
import { SearchField } from '../components/search-field.tsx'
import { Section } from '../components/section.tsx'
import { Rating, Stars } from '../components/stars.tsx'
import { TagList } from '../components/tag-list.tsx'
import { WorkCard } from '../components/work-card.tsx'
import css from '../elements/kit.module.css'
import type { Translator } from '../translator.ts'
import { longName } from './data.ts'
import { Fields } from './fields.tsx'

/** Things side by side. */
export function Row(props: { children: ReactNode }): ReactElement {
  return <div className={css.row}>{props.children}</div>
}

/** Buttons, search, filters, pager. */
export function Forms(props: { t: Translator }): ReactElement {
  const { t } = props
  const choice = { href: '#', chosen: false }
  return (
    <>
      <Section id="kit-buttons" title="Buttons and search">
        <Row>
          <ButtonLink href="#kit-buttons" look="main">
            {t.t('banner.start')}
          </ButtonLink>
          <Button>{t.t('search.action')}</Button>
          <Button look="quiet">{t.t('search.clear')}</Button>
          <Button disabled>{t.t('pager.next')}</Button>
        </Row>
        <SearchField t={t} action="#" id="kit-search" size="large" label={t.t('home.search')} />
        <SearchField t={t} action="#" id="kit-search-2" query="probability" />
      </Section>
      <Section id="kit-filters" title="Filters">
        <div className={css.filters}>
          <FilterLinks
            t={t}
            title={t.t('filters.level')}
            choices={[
              { ...choice, label: t.t('level.beginner'), count: 12, chosen: true },
              { ...choice, label: t.t('level.intermediate'), count: 1240 },
              { ...choice, label: t.t('level.advanced'), count: 0 },
            ]}
          />
          <FilterLinks
            t={t}
            title={t.t('filters.language')}
            choices={[
              { ...choice, label: 'English', count: 5 },
              { ...choice, label: 'Español', count: 1 },
            ]}
          />
        </div>
      </Section>
      <Fields t={t} />
      <Section id="kit-pager" title="Pager">
        <Pager t={t} next="#kit-pager" first="#kit-filters" nextLabel={t.t('pager.nextCourses')} />
      </Section>
    </>
  )
}

/** Bylines and drums. */
export function People(props: { t: Translator; picture?: string }): ReactElement {
  const { t } = props
  return (
    <Section id="kit-people" title="Bylines">
      <Byline
        name="Ada Example"
        href="#kit-people"
        role={t.t('instructors.primary')}
        affiliation="Reader in Probability, University of Somewhere"
        example={t.t('example.person')}
        facts={<span>{t.t('banner.learners', { count: 1204 })}</span>}
      >
        <div className="prose prose-small">
          <p>She has taught chance to people who fear it for eleven years.</p>
        </div>
      </Byline>
      <Byline
        name={longName}
        role={t.t('instructors.assistant')}
        picture={
          props.picture ? <Picture alt="" src={props.picture} width={72} height={72} /> : undefined
        }
      />
      <Row>
        <Drum name="Ada Example" size={96} />
        <Drum name="Óscar" />
        <Drum name="王 小明" size={48} />
        <Drum name="" size={48} />
      </Row>
    </Section>
  )
}

/** Stars and the histogram. */
export function Reviews(props: { t: Translator }): ReactElement {
  const { t } = props
  return (
    <Section
      id="kit-reviews"
      title={t.t('reviews.title')}
      margin={t.t('reviews.count', { count: 47 })}
    >
      <Row>
        {[5, 4.6, 3.5, 1, 0].map((value) => (
          <Stars key={value} t={t} value={value} />
        ))}
      </Row>
      <p>
        <Rating t={t} average={4.6} count={47} href="#kit-reviews" />
      </p>
      <Histogram t={t} counts={[1, 0, 4, 12, 30]} />
      <Histogram t={t} counts={[0, 0, 0, 0, 0]} label="Empty" />
      <ExampleNote>{t.t('example.review')}</ExampleNote>
    </Section>
  )
}

/** Facts, tags, work that counts, disclosures, code. */
export function Words(props: { t: Translator }): ReactElement {
  const { t } = props
  return (
    <>
      <Section id="kit-facts" title="Facts, tags">
        <Facts
          facts={[
            { label: t.t('about.level'), value: t.t('level.beginner') },
            { label: t.t('about.time'), value: t.duration(250) },
            { label: t.t('about.effort'), value: null },
            { label: t.t('about.updated'), value: t.date('2026-05-01') },
          ]}
        />
        <Facts
          layout="line"
          facts={[
            { label: t.t('about.time'), value: t.duration(1500) },
            { label: t.t('about.level'), value: t.t('level.beginner') },
            { label: t.t('about.language'), value: t.languageName('es') },
          ]}
        />
        <TagList
          tags={['Bayes’ rule', 'Counting', { label: 'Expected value', href: '#kit-facts' }]}
        />
      </Section>
      <Section id="kit-work" title="Work that counts">
        <WorkCard
          t={t}
          kind="quiz"
          href="#kit-work"
          questions={5}
          points={8}
          attempts={2}
          minutes={30}
          due={{ at: '2026-12-01T23:59', zone: 'America/Argentina/Buenos_Aires' }}
        />
        <WorkCard
          t={t}
          kind="assignment"
          href="#kit-work"
          questions={1}
          points={12.5}
          attempts={null}
          minutes={null}
          due={{ days: 14 }}
        />
        <WorkCard
          t={t}
          kind="quiz"
          href="#kit-work"
          questions={1}
          points={null}
          attempts={null}
          minutes={null}
          due={null}
        />
      </Section>
      <Section id="kit-disclosure" title="Disclosure">
        <Disclosure level={3} title="What chance is" note={t.duration(55)} open>
          <p>Three lessons.</p>
        </Disclosure>
        <Disclosure level={3} title={longName} note={t.duration(90)}>
          <p>Four lessons.</p>
        </Disclosure>
      </Section>
      <Section id="kit-code" title="Code">
        <figure>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>
            <code>npx colonnade break reviews --dead</code>
          </pre>
          <CodeCopy t={t} />
        </figure>
      </Section>
    </>
  )
}

/** Away, notices, nothing, errors. */
export function States(props: { t: Translator }): ReactElement {
  const { t } = props
  return (
    <>
      <Away
        id="kit-away"
        title={t.t('testimonials.title')}
        text={awayText(t, 'reviews')}
        height={240}
      />
      <Away text={awayText(t, 'something-new')} height={40} />
      <Section id="kit-notices" title="Notices">
        <Notice>{t.t('course.writtenIn', { language: t.languageName('es') })}</Notice>
        <Notice kind="error">{t.t('error.400.text')}</Notice>
      </Section>
      <Section id="kit-empty" title="Nothing">
        <Empty title={t.t('catalogue.noMatch')} hint={t.t('catalogue.noMatchHint')} />
        <Empty title={t.t('catalogue.empty')} hint={t.t('catalogue.emptyHint')} />
      </Section>
      <ErrorPage
        t={t}
        status={404}
        homeHref="#kit-empty"
        searchAction="#kit-empty"
        requestId="01JX3V"
        headingLevel={2}
      />
      <ErrorPage t={t} status={503} homeHref="#kit-empty" headingLevel={2} />
    </>
  )
}
