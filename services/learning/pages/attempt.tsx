import type { Asked } from '@colonnade/questions'
import { fieldsOf, GivenAnswer, Questions } from '@colonnade/questions-ui'
import { Button, Notice, type Translator } from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import { Keeping } from '../here/keeping.tsx'
import { ownOf, type Shown } from './head.tsx'
import type { HandedIn, ItemData, RunningAttempt } from './model.ts'
import css from './my.module.css'
import { handedInPath, itemPath } from './paths.ts'
import { When } from './when.tsx'

type Props = Shown<ItemData> & { attempt: RunningAttempt }

/**
 * The attempt that runs, as one form that needs nothing but HTML. The element around it keeps each answer as it is
 * given; without scripts "Save" does.
 */
export function AttemptForm(props: Props): ReactElement {
  const { attempt, data, local, t } = props
  const { course, item, enrolment, person } = data
  const answers = new Map([...attempt.answers].map(([key, { answer }]) => [key, answer]))
  const withFiles = attempt.questions.some((one) => one.type === 'essay' && one.files)
  const form = (
    <form
      className={css.attempt}
      method="post"
      action={local(itemPath(course.slug, item.key))}
      encType={withFiles ? 'multipart/form-data' : undefined}
    >
      <TimeLeft attempt={attempt} now={data.now} zone={data.zone} t={t} />
      <input type="hidden" name="_attempt" value={attempt.id} />
      <Questions
        questions={attempt.questions}
        id={`a${attempt.number}`}
        marks={undefined}
        fields={fieldsOf(attempt.questions, answers)}
        below={(question, id) => <Below {...props} question={question} id={id} />}
        own={ownOf(course)}
        t={t}
      />
      <p className={css.actions}>
        <Button type="submit" name="_do" value="save">
          {t.t('learn.save')}
        </Button>
        <Button type="submit" look="main" name="_do" value="submit">
          {t.t('learn.submit')}
        </Button>
      </p>
      <Keeping next={itemPath(course.slug, item.key)} t={t} />
      <p className="quiet small">{t.t('learn.submit.what')}</p>
    </form>
  )
  return createElement(
    'attempt-form',
    {
      'data-person': person,
      'data-enrolment': enrolment,
      'data-attempt': attempt.id,
      'data-ends': attempt.endsAt?.toISOString(),
      'data-now': data.now.toISOString(),
      'data-left': t.t('learn.timeLeft', { time: '%' }),
    },
    form,
  )
}

function TimeLeft(props: {
  attempt: RunningAttempt
  now: Date
  zone: string
  t: Translator
}): ReactElement | null {
  const { attempt, now, zone, t } = props
  if (!attempt.endsAt) return null
  const minutes = Math.max(0, Math.ceil((attempt.endsAt.getTime() - now.getTime()) / 60_000))
  return (
    <Notice>
      <span data-time-left="">{t.t('learn.timeLeft', { time: t.duration(minutes) })}</span>{' '}
      {t.t('learn.timeLeft.until')} <When at={attempt.endsAt} zone={zone} t={t} />
    </Notice>
  )
}

/** Which version the form was filled in with, the files of an essay, and versions that disagree. */
function Below(props: Props & { question: Asked; id: string }): ReactElement {
  const { attempt, question } = props
  const entry = attempt.answers.get(question.key)?.entry
  return (
    <>
      {entry ? <input type="hidden" name={`_after.${question.key}`} value={entry} /> : null}
      {question.type === 'essay' && question.files ? <Files {...props} /> : null}
      <Versions {...props} />
    </>
  )
}

function Files(props: Props & { question: Asked; id: string }): ReactElement {
  const { attempt, question, id, local, t } = props
  const { key } = question
  const answer = attempt.answers.get(key)?.answer
  const ids = typeof answer === 'object' && 'files' in answer ? answer.files : []
  return (
    <div className={css.files}>
      {Array.isArray(ids) && ids.length > 0 ? (
        <ul className={css.attempts}>
          {ids.map((file) => (
            <li key={file} className={css.item}>
              <input type="hidden" name={`${key}.file`} value={file} />
              <FileLink file={attempt.files.get(file)} id={file} local={local} t={t} />
              <label className={css.check}>
                <input type="checkbox" name={`${key}.drop`} value={file} />
                {t.t('learn.file.drop')}
              </label>
            </li>
          ))}
        </ul>
      ) : null}
      <label htmlFor={`${id}-files`}>{t.t('learn.file.add')}</label>
      <input
        id={`${id}-files`}
        type="file"
        name={`${key}.new`}
        multiple
        aria-describedby={`${id}-files-hint`}
      />
      <span id={`${id}-files-hint`} className="quiet small">
        {t.t('learn.file.hint')}
      </span>
    </div>
  )
}

/** A file that was handed in, by its name and size. */
export function FileLink(props: {
  file: HandedIn | undefined
  id: string
  local(path: string): string
  t: Translator
}): ReactElement {
  const { file, id, t } = props
  if (!file) return <span className="quiet">{t.t('learn.file.gone')}</span>
  const kilobytes = Math.max(1, Math.round(file.size / 1000))
  return (
    <a href={handedInPath(id)} download>
      {t.t('learn.file', { name: file.name, kilobytes })}
    </a>
  )
}

function Versions(props: Props & { question: Asked; id: string }): ReactElement | null {
  const { attempt, question, data, local, t } = props
  const versions = attempt.conflicts.get(question.key)
  if (!versions || versions.length < 2) return null
  return (
    <div className={css.versions} data-conflict="">
      <p>
        <strong>{t.t('learn.versions')}</strong> {t.t('learn.versions.what')}
      </p>
      <ul className={css.attempts}>
        {versions.map((version) => (
          <li key={version.id} className={css.version}>
            <p className="quiet small">
              <When at={version.at} zone={data.zone} t={t} />
            </p>
            <GivenAnswer
              question={question}
              answer={version.answer}
              file={(id) => <FileLink file={attempt.files.get(id)} id={id} local={local} t={t} />}
              own={ownOf(data.course)}
              t={t}
            />
            <Button type="submit" name="_take" value={`${version.id} ${question.key}`}>
              {t.t('learn.versions.take')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
