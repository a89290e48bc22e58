import encodeQR from 'qr'

/** A QR code as a path of squares, one unit each, in a square of `size` units. No quiet zone: leave four units free. */
export function qrPath(text: string): { path: string; size: number } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 1 })
    .slice(1, -1)
    .map((row) => row.slice(1, -1))
  const path = rows.flatMap((row, y) => bars(row).map(([x, w]) => `M${x} ${y}h${w}v1h-${w}z`))
  return { path: path.join(''), size: rows.length }
}

/** Neighbouring dark squares of a row as one bar: where it begins and how wide it is. */
function bars(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = []
  row.forEach((dark, x) => {
    const last = found.at(-1)
    if (!dark) return
    if (last && last[0] + last[1] === x) last[1] += 1
    else found.push([x, 1])
  })
  return found
}
