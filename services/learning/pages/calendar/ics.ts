/** Something that is due. `uid` stays the same as long as it is the same thing. */
export type CalendarEvent = {
  uid: string
  at: Date
  /** When it was last changed. */
  stamp: Date
  summary: string
  description: string
  url: string
}

/** A calendar after RFC 5545: instants in UTC, so that it needs no time zones of its own. */
export function writeCalendar(name: string, events: readonly CalendarEvent[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Colonnade//Learning//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...events.flatMap(({ uid, at, stamp, summary, description, url }) => [
      'BEGIN:VEVENT',
      `UID:${escaped(uid)}`,
      `DTSTAMP:${utc(stamp)}`,
      `DTSTART:${utc(at)}`,
      `SUMMARY:${escaped(summary)}`,
      `DESCRIPTION:${escaped(description)}`,
      `URL:${url}`,
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

/** `20261201T225900Z` */
const utc = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, '')

/** Text (3.3.11): what would end a value or a list is escaped; other control characters may not be there. */
const escaped = (text: string) =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')

/** A line has at most 75 octets (3.1), and goes on in the next one after a space; no character is cut in two. */
function folded(line: string): string {
  let text = ''
  let octets = 0
  for (const sign of line) {
    const size = Buffer.byteLength(sign)
    if (octets + size > 75) {
      text += '\r\n '
      octets = 1
    }
    text += sign
    octets += size
  }
  return text
}
