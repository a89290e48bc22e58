/** Joins class names, leaving out what is not there. */
export function classNames(...names: (string | undefined | null | false)[]): string | undefined {
  return names.filter(Boolean).join(' ') || undefined
}
