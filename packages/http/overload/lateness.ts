/**
 * How late this process is: the time that whatever comes in waits until it is looked at, as the delay of a clock that
 * should tick every 20 ms. A smoothed value, in milliseconds.
 */
export class Lateness {
  ms = 0
  private expected = performance.now() + everyMs
  private readonly timer = setInterval(() => this.tick(), everyMs)

  constructor() {
    this.timer.unref()
  }

  close(): void {
    clearInterval(this.timer)
  }

  private tick(): void {
    const now = performance.now()
    this.ms += (Math.max(0, now - this.expected) - this.ms) * weight
    this.expected = now + everyMs
  }
}

const everyMs = 20
const weight = 0.3
