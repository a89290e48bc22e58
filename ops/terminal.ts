/** Tells the person at the terminal one line. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Tells what went wrong and how to mend it, on standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

/**
 * A line that changes in place while something takes its time; on a pipe, each change is a line of its own, at most
 * one every two seconds.
 */
export function progress(): { show(text: string): void; end(): void } {
  const { isTTY = false } = process.stdout
  let last = Number.NEGATIVE_INFINITY
  let shown = false
  return {
    show(text) {
      const now = performance.now()
      if (now - last < (isTTY ? 80 : 2000)) return
      last = now
      shown = true
      process.stdout.write(isTTY ? `\r\u001b[2K${text}` : `${text}\n`)
    },
    end() {
      if (shown && isTTY) process.stdout.write('\r\u001b[2K')
    },
  }
}
