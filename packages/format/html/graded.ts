import type { Due, Graded } from '@colonnade/questions'
import type { Element } from 'hast'
import type { Refuse } from '../errors.ts'
import type { Grading } from '../grading.ts'
import { property } from './nodes.ts'

/**
 * How a quiz or an assignment counts, as its attributes say; null for what does not. `otherwise` is the group of what
 * names none.
 */
export function readGraded(
  node: Element,
  line: number,
  { zone, groups }: Grading,
  refuse: Refuse,
  otherwise: string | null,
): Graded | null {
  const group = property(node, 'dataGraded') ?? otherwise
  const [attempts, minutes, due] = ['dataAttempts', 'dataMinutes', 'dataDue'].map((name) =>
    property(node, name),
  )
  if (group === null) {
    if (attempts ?? minutes ?? due) {
      refuse(
        line,
        'attempts, minutes and due are for what counts towards the grade.',
        'Name its group, as in graded="quizzes", or take them out.',
      )
    }
    return null
  }
  if (!/^[A-Za-z0-9][\w.-]*$/.test(group)) {
    refuse(line, `graded="${group}" is no name of a group.`, 'Use letters, digits and hyphens.')
  }
  if (groups && !groups.includes(group)) {
    refuse(
      line,
      `colonnade/grading.yaml has no group “${group}”.`,
      `Choose graded="…" out of ${groups.join(', ')}, or add the group there.`,
    )
  }
  return {
    group,
    attempts: wholeIn('attempts', attempts, 1000, line, refuse),
    minutes: wholeIn('minutes', minutes, 10_000, line, refuse),
    due: due ? dueIn(due, zone, line, refuse) : null,
  }
}

function wholeIn(
  name: string,
  given: string | null | undefined,
  most: number,
  line: number,
  refuse: Refuse,
): number | null {
  if (given === null || given === undefined) return null
  const number = Number(given)
  if (Number.isInteger(number) && number >= 1 && number <= most) return number
  return refuse(line, `${name}="${given}" cannot be.`, `Write a whole number from 1 to ${most}.`)
}

function dueIn(given: string, zone: string, line: number, refuse: Refuse): Due {
  const days = /^(\d{1,4}) days?$/.exec(given.trim())?.[1]
  if (days !== undefined && Number(days) >= 1 && Number(days) <= 3650) return { days: Number(days) }
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/.exec(given.trim()) ?? []
  const at = `${day}T${time}`
  const date = new Date(`${at}Z`)
  // 31 April would quietly become 1 May.
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(at)) return { at, zone }
  return refuse(
    line,
    `due="${given}" is no time.`,
    'Write a day and a time, “2026-12-01 23:59”, or a time after enrolling, “14 days”.',
  )
}

/** Whether an attribute says `yes`; it may be left out. */
export function isYes(node: Element, name: string, line: number, refuse: Refuse): boolean {
  const given = property(node, `data${name.charAt(0).toUpperCase()}${name.slice(1)}`)
  if (given === 'yes') return true
  if (given === null || given === 'no') return false
  return refuse(line, `${name}="${given}" cannot be.`, 'Write yes or no.')
}
