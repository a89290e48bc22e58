/**
 * Shows how long an attempt still runs by the server's clock: what this device's clock shows does not matter, only how
 * long its time goes by.
 */
export function startClock(
  element: HTMLElement,
  { ending, ended }: { ending(): void; ended(): void },
) {
  const { ends, now, left = '%' } = element.dataset
  const place = element.querySelector('[data-time-left]')
  if (!ends) return { set() {} }
  let endsAt = Date.parse(ends)
  /** The server's clock when this page's was zero. */
  let zero = Date.parse(now ?? '') - performance.now()
  let told = false
  const words = (value: number, unit: 'hour' | 'minute' | 'second') =>
    new Intl.NumberFormat(document.documentElement.lang, {
      style: 'unit',
      unit,
      unitDisplay: 'long',
    }).format(value)

  function show(): void {
    const seconds = Math.max(0, Math.ceil((endsAt - zero - performance.now()) / 1000))
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    const parts = [
      ...(h > 0 ? [words(h, 'hour')] : []),
      ...(h > 0 || m > 0 ? [words(m, 'minute')] : []),
      ...(h === 0 ? [words(s, 'second')] : []),
    ]
    if (place) place.textContent = left.replace('%', () => parts.join(' '))
    if (seconds <= 5 && !told) {
      told = true
      ending()
    }
    if (seconds > 0) return
    clearInterval(timer)
    ended()
  }
  const timer = setInterval(show, 1000)
  show()
  return {
    /** The server's clock, in milliseconds since 1970, and when the attempt ends by it: a teacher may have given time. */
    set(serverNow: number, end: number): void {
      zero = serverNow - performance.now()
      endsAt = end
      if (endsAt - serverNow > 5000) told = false
      show()
    },
  }
}
