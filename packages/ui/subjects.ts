/** The eight subjects a course can have; each has a hue and a capital of its own. */
export const subjects = [
  'computing',
  'data',
  'mathematics',
  'science',
  'humanities',
  'arts',
  'business',
  'teaching',
] as const

export type Subject = (typeof subjects)[number]

/** Any text as a subject; what is unknown is drawn as `humanities`. */
export function asSubject(text: string): Subject {
  return subjects.find((subject) => subject === text) ?? 'humanities'
}
