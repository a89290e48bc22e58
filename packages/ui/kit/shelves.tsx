import type { ReactElement } from 'react'
import { ColonnadeCover } from '../components/colonnade-cover.tsx'
import { ColonnadeHero } from '../components/colonnade-hero.tsx'
import { CourseRow, Shelf } from '../components/course-row.tsx'
import { Section } from '../components/section.tsx'
import css from '../elements/kit.module.css'
import { subjects } from '../subjects.ts'
import type { Translator } from '../translator.ts'
import { begun, chance, long, many, single } from './data.ts'

/** The colonnade at full width in its states, and a cover for every subject. */
export function KitColonnades(props: { t: Translator }): ReactElement {
  const { t } = props
  return (
    <>
      <div className={`wrap ${css.stack}`}>
        <ColonnadeHero t={t} modules={chance} subject="mathematics" />
        <ColonnadeHero t={t} modules={begun} subject="science" label="Begun" />
        <ColonnadeHero t={t} modules={single} subject="teaching" label="One module" />
        <ColonnadeHero t={t} modules={many} subject="computing" label="Many modules" />
        <ColonnadeHero t={t} modules={long} subject="humanities" label="Long titles" />
      </div>
      <Section id="kit-covers" title="Covers" margin="One capital and one hue for each subject">
        <ul className={css.covers}>
          {subjects.map((subject) => (
            <li key={subject}>
              <ColonnadeCover modules={chance} subject={subject} />
              <span className="small">{t.t(`subject.${subject}`)}</span>
            </li>
          ))}
          <li>
            <ColonnadeCover modules={single} subject="teaching" />
            <span className="small">One module</span>
          </li>
          <li>
            <ColonnadeCover modules={many} subject="computing" />
            <span className="small">Fourteen modules</span>
          </li>
          <li>
            <ColonnadeCover modules={[]} subject="arts" />
            <span className="small">No modules</span>
          </li>
          <li>
            <ColonnadeCover modules={begun} subject="science" />
            <span className="small">Begun</span>
          </li>
        </ul>
      </Section>
    </>
  )
}

/** Rows of a shelf: ordinary, Spanish, bare, and with everything too long. */
export function KitShelves(props: { t: Translator }): ReactElement {
  const { t } = props
  return (
    <Section id="kit-shelf" title={t.t('home.shelf')} margin={t.t('catalogue.count', { count: 4 })}>
      <Shelf label={t.t('home.shelf')}>
        <CourseRow
          key="chance"
          t={t}
          href="#kit-shelf"
          title="Reasoning about Chance"
          promise="Learn to think clearly when you cannot be certain."
          subject="mathematics"
          modules={chance}
          minutes={250}
          level="beginner"
          language="en"
          teachers={['Ada Example', 'Óscar Ejemplo']}
          rating={{ average: 4.6, count: 47 }}
        />
        <CourseRow
          key="sky"
          t={t}
          href="#kit-shelf"
          title="El cielo a simple vista"
          promise="Lo que se puede ver, medir y entender del cielo sin más instrumento que los ojos."
          subject="science"
          modules={begun}
          minutes={300}
          level="beginner"
          language="es"
          teachers={['Inés Ejemplo']}
        />
        <CourseRow
          key="bare"
          t={t}
          href="#kit-shelf"
          title="Teach Your First Course"
          subject="teaching"
          modules={single}
          minutes={20}
          language="en"
        />
        <CourseRow
          key="long"
          t={t}
          href="#kit-shelf"
          title="A title that goes on for longer than anyone would wish, since imported courses are named by people who were not thinking of us"
          promise="And a promise that is just as long, which wraps, and wraps again on a narrow screen, and still leaves the margin where it was."
          subject="computing"
          modules={many}
          minutes={2400}
          level="intermediate"
          language="de"
          teachers={[
            'Prof. Dr. María de los Ángeles Fernández-Villaverde',
            'Somebody Else',
            'A Third',
          ]}
          rating={{ average: 3.2, count: 1 }}
        />
      </Shelf>
    </Section>
  )
}
