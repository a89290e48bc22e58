type Point = readonly [x: number, y: number]

export type BarPlot = {
  kind: 'bars'
  title: string
  bars: readonly { label: string; value: number; ours?: boolean }[]
  mark?: { label: string; value: number }
}

export type LinePlot = {
  kind: 'lines'
  title: string
  x: { label: string; scale: 'linear' | 'log' | 'percentile'; ticks?: readonly number[] }
  y: { label: string; scale: 'linear' | 'log' }
  lines: readonly { label: string; points: readonly Point[] }[]
}

export type Plot = BarPlot | LinePlot

const width = 860
/** Told apart by eyes of every kind (Okabe and Ito), and by their dashes. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']
const dashes = ['', '8 4', '2 3', '12 3 2 3', '5 5', '1 4', '']
const font = 'font-family="system-ui, sans-serif" font-size="13"'

const escape = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
const short = (value: number) =>
  value >= 1000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(value < 10 ? 2 : 3)))

/** A plot as a complete SVG document. */
export function draw(plot: Plot): string {
  return plot.kind === 'bars' ? drawBars(plot) : drawLines(plot)
}

function frame(title: string, height: number, content: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${escape(title)}" ${font}><rect width="100%" height="100%" fill="#fff"/>` +
    `<text x="16" y="26" font-size="16" font-weight="600">${escape(title)}</text>${content}</svg>\n`
  )
}

function drawBars({ title, bars, mark }: BarPlot): string {
  const left = 210
  const room = width - left - 110
  const largest = Math.max(...bars.map(({ value }) => value), mark?.value ?? 0) || 1
  const height = 60 + bars.length * 28 + (mark ? 24 : 0)
  const rows = bars.map(({ label, value, ours }, i) => {
    const y = 46 + i * 28
    const length = Math.max(1, (value / largest) * room)
    return (
      `<text x="${left - 10}" y="${y + 15}" text-anchor="end">${escape(label)}</text>` +
      `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="20" fill="${ours ? colours[0] : '#9a9a9a'}"/>` +
      `<text x="${(left + length + 8).toFixed(1)}" y="${y + 15}">${short(value)}</text>`
    )
  })
  const x = left + ((mark?.value ?? 0) / largest) * room
  const line = mark
    ? `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="40" y2="${height - 30}" stroke="${colours[1]}" stroke-dasharray="6 4"/>` +
      `<text x="${x.toFixed(1)}" y="${height - 12}" text-anchor="middle">${escape(mark.label)}</text>`
    : ''
  return frame(title, height, rows.join('') + line)
}

function drawLines({ title, x, y, lines }: LinePlot): string {
  const box = { left: 70, top: 44, right: width - 20, bottom: 330 }
  const points = lines.flatMap((line) => line.points)
  const xs = points.map(([value]) => spread(value, x.scale))
  const ys = points.map(([, value]) => value)
  const xRange = [Math.min(...xs, ...(xs.length ? [] : [0])), Math.max(...xs, 1)] as const
  const marked = x.scale === 'log'
  const yRange = rangeOf(ys, y.scale)
  const placeX = (value: number) => between(spread(value, x.scale), xRange, box.left, box.right)
  const placeY = (value: number) => {
    const at = y.scale === 'log' ? Math.log10(Math.max(value, 1e-3)) : value
    return between(at, yRange, box.bottom, box.top)
  }
  const grid = ticksOf(yRange, y.scale)
    .map(
      (value) =>
        `<line x1="${box.left}" x2="${box.right}" y1="${placeY(value).toFixed(1)}" y2="${placeY(value).toFixed(1)}" stroke="#ddd"/>` +
        `<text x="${box.left - 8}" y="${(placeY(value) + 4).toFixed(1)}" text-anchor="end">${short(value)}</text>`,
    )
    .join('')
  const ticks = (x.ticks ?? ticksOf(xRange, marked ? 'log' : 'linear'))
    .map(
      (value) =>
        `<text x="${placeX(value).toFixed(1)}" y="${box.bottom + 20}" text-anchor="middle">${marked ? short(value) : value}</text>`,
    )
    .join('')
  const labels =
    `<text x="${box.right}" y="${box.bottom + 40}" text-anchor="end">${escape(x.label)}</text>` +
    `<text x="${box.left}" y="${box.top - 4}" fill="#555">${escape(y.label)}</text>`
  const drawn = lines.map((line, i) => {
    const path = line.points
      .map(([px, py]) => `${placeX(px).toFixed(1)},${placeY(py).toFixed(1)}`)
      .join(' ')
    const colour = colours[i % colours.length]
    const style = `stroke="${colour}" stroke-width="2" fill="none" stroke-dasharray="${dashes[i % dashes.length]}"`
    const at = box.bottom + 62 + i * 22
    const [only] = line.points
    if (only && line.points.length === 1) {
      // One point is no line: a ring with a letter, each a little further aside, where several fall together.
      const letter = String.fromCharCode(97 + i)
      const [cx, cy] = [placeX(only[0]), placeY(only[1])]
      return (
        ring(cx, cy) +
        `<text x="${(cx + 8 + (i % 4) * 12).toFixed(1)}" y="${(cy + 4).toFixed(1)}">${letter}</text>` +
        `${ring(box.left + 30, at - 4)}<text x="${box.left + 10}" y="${at}">${letter}</text>` +
        `<text x="${box.left + 50}" y="${at}">${escape(line.label)}</text>`
      )
    }
    const circles = (marked ? line.points : []).map(
      ([px, py]) =>
        `<circle cx="${placeX(px).toFixed(1)}" cy="${placeY(py).toFixed(1)}" r="3.5" fill="${colour}"/>`,
    )
    return (
      `<polyline points="${path}" ${style}/>${circles.join('')}` +
      `<line x1="${box.left}" x2="${box.left + 40}" y1="${at - 4}" y2="${at - 4}" ${style}/>` +
      `<text x="${box.left + 50}" y="${at}">${escape(line.label)}</text>`
    )
  })
  return frame(title, box.bottom + 62 + lines.length * 22, grid + ticks + labels + drawn.join(''))
}

const ring = (x: number, y: number) =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4.5" fill="#fff" stroke="#000" stroke-width="2"/>`

/** Percentiles are drawn by how many are slower, so that 99 and 99.99 are as far apart as they matter. */
function spread(value: number, scale: 'linear' | 'log' | 'percentile'): number {
  if (scale === 'log') return Math.log10(Math.max(value, 1e-3))
  return scale === 'linear' ? value : -Math.log10(1 - value / 100)
}

function rangeOf(values: readonly number[], scale: 'linear' | 'log'): readonly [number, number] {
  if (scale === 'linear') return [0, Math.max(...values, 1)]
  const logs = values.map((value) => Math.log10(Math.max(value, 1e-3)))
  return [Math.floor(Math.min(...logs, 0)), Math.max(Math.ceil(Math.max(...logs, 0)), 1)]
}

function ticksOf([from, to]: readonly [number, number], scale: 'linear' | 'log'): number[] {
  if (scale === 'log') {
    return Array.from({ length: Math.floor(to - from) + 1 }, (_, i) => 10 ** (Math.ceil(from) + i))
  }
  const step = 10 ** Math.floor(Math.log10((to - from) / 2 || 1))
  const count = Math.floor((to - from) / step)
  const every = Math.ceil(count / 8) || 1
  return Array.from({ length: Math.floor(count / every) + 1 }, (_, i) => from + i * step * every)
}

function between(
  value: number,
  range: readonly [number, number],
  low: number,
  high: number,
): number {
  return low + ((value - range[0]) / (range[1] - range[0] || 1)) * (high - low)
}
