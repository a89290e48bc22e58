import { Button, ChoiceField, Notice, TextField } from '@colonnade/ui'
import { constraintOf } from '../enrolling.ts'
import { instantOf } from '../grading/due.ts'
import { findIntake, type Intake, putIntake } from '../queries/intake.ts'
import type { AtCourse } from './at-course.ts'
import css from './desk.module.css'
import { DeskSheet, titleOf } from './frame.tsx'
import { intakePath } from './paths.ts'

const modes = ['open', 'code', 'closed'] as const

type Told = 'code' | 'dates' | 'seats' | 'full'

/** How the course takes people: everybody, who has the code, or nobody; from and until when, and how many. */
export async function showIntake(
  at: AtCourse,
  wrong?: { told: Told; sent: URLSearchParams },
): Promise<Response> {
  const { visit, plan, db } = at
  const intake = await findIntake(db.hot, plan.courseId)
  const { zone } = plan.policy
  const value = (name: string, kept: string | null) => wrong?.sent.get(name) ?? kept ?? ''
  const { t, local } = visit
  return visit.page(
    <DeskSheet at={at} title="desk.intake" current="/intake">
      {wrong ? <Notice kind="error">{t.t(`desk.intake.wrong.${wrong.told}`)}</Notice> : null}
      {visit.query.get('done') && !wrong ? <Notice>{t.t('desk.intake.done')}</Notice> : null}
      <p>{t.t('desk.intake.taken', { count: intake.taken })}</p>
      <form className={css.form} method="post" action={local(intakePath(plan.slug))}>
        <ChoiceField
          id="mode"
          name="mode"
          label={t.t('desk.intake.mode')}
          value={value('mode', intake.mode)}
          choices={modes.map((mode) => ({ value: mode, label: t.t(`desk.intake.${mode}`) }))}
        />
        <TextField
          id="code"
          name="code"
          required={false}
          maxLength={100}
          autoComplete="off"
          label={t.t('desk.intake.theCode')}
          value={value('code', intake.code)}
        />
        <TextField
          id="starts"
          name="starts"
          type="datetime-local"
          required={false}
          label={t.t('desk.intake.starts')}
          hint={t.t('desk.extend.zone', { zone: zone.replaceAll('_', ' ') })}
          value={value('starts', localOf(intake.startsAt, zone))}
        />
        <TextField
          id="ends"
          name="ends"
          type="datetime-local"
          required={false}
          label={t.t('desk.intake.ends')}
          hint={t.t('desk.extend.zone', { zone: zone.replaceAll('_', ' ') })}
          value={value('ends', localOf(intake.endsAt, zone))}
        />
        <TextField
          id="seats"
          name="seats"
          type="number"
          required={false}
          label={t.t('desk.intake.seats')}
          value={value('seats', intake.seats === null ? null : String(intake.seats))}
        />
        <p>
          <Button type="submit" look="main">
            {t.t('desk.intake.save')}
          </Button>
        </p>
      </form>
    </DeskSheet>,
    titleOf(at, 'desk.intake'),
    wrong ? { status: 422 } : {},
  )
}

export async function saveIntake(at: AtCourse, sent: URLSearchParams): Promise<Response> {
  const { plan, db, visit } = at
  const wrong = (told: Told) => showIntake(at, { told, sent })
  const mode: Intake['mode'] = modes.find((one) => one === sent.get('mode')) ?? 'open'
  const code = sent.get('code')?.trim().slice(0, 100) || null
  if (mode === 'code' && code === null) return await wrong('code')
  const startsAt = instant(sent.get('starts'), plan.policy.zone)
  const endsAt = instant(sent.get('ends'), plan.policy.zone)
  if (startsAt === undefined || endsAt === undefined) return await wrong('dates')
  if (startsAt && endsAt && endsAt <= startsAt) return await wrong('dates')
  const seats = sent.get('seats')?.trim() ?? ''
  if (!/^\d{0,8}$/.test(seats)) return await wrong('seats')
  try {
    const count = seats === '' ? null : Number(seats)
    await putIntake(db.work, plan.courseId, { mode, code, startsAt, endsAt, seats: count })
  } catch (error) {
    if (constraintOf(error) !== 'intake_seats') throw error
    return await wrong('full')
  }
  return visit.goTo(`${intakePath(plan.slug)}?done=yes`)
}

/** An instant as ISO 8601 in UTC; null for nothing, undefined for what is no date. */
function instant(local: string | null, zone: string): string | null | undefined {
  if (!local) return null
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local)) return undefined
  const at = new Date(instantOf(local, zone))
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** An instant as the clocks of a zone show it, as a field for dates has it. */
function localOf(at: Date | null, zone: string): string | null {
  if (!at) return null
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at)
  return text.replace(' ', 'T')
}
