/** Where a reader is in a course: the lesson last opened, and the lessons read to their end, by module. */
export type Place = { lesson: string; title: string; read: Record<string, string[]> }

const keyOf = (course: string) => `colonnade-place-${course}`

/** The place kept in this browser; nothing when there is none or storage is closed. */
export function readPlace(course: string): Place | undefined {
  try {
    const place = JSON.parse(localStorage.getItem(keyOf(course)) ?? 'null')
    return typeof place?.lesson === 'string' ? { title: '', read: {}, ...place } : undefined
  } catch {
    return undefined
  }
}

export function writePlace(course: string, place: Place): void {
  try {
    localStorage.setItem(keyOf(course), JSON.stringify(place))
  } catch {
    // Storage is closed or full: the place is not remembered, nothing else is lost.
  }
}
