import { startBare } from '../children.ts'
import { browserHeaders, capture, headerOf } from '../http/capture.ts'
import { type Bench, judged, perSecond, told } from '../scenario.ts'
import { describeCosts, versus } from './versus.ts'

/** A page from cache against a bare node:http server that sends the very same bytes from memory. */
export async function compareCachedPage(
  bench: Bench,
  { path, what, target }: { path: string; what: string; target: number },
) {
  const installation = await bench.installation()
  const { url } = installation
  await capture(url + path, browserHeaders)
  const page = await capture(url + path, browserHeaders)
  if (page.status !== 200 || headerOf(page, 'content-encoding') !== 'br') {
    throw new Error(`${path} is ${page.status} ${headerOf(page, 'content-encoding')}.`)
  }
  const bare = await startBare(bench.root, bench.cleanup, { kind: 'page', ...page })
  const request = { method: 'GET' as const, path, headers: browserHeaders }
  const result = await versus(bench, request, installation, bare)
  await bare.end()
  const figures = [
    judged(
      result.ratio >= target && result.failed === 0,
      `${what} from cache ÷ bare node:http`,
      `≥ ${target}`,
      `${result.ratio.toFixed(2)} × (${perSecond(result.ours)})`,
      perSecond(result.bare),
    ),
    told('  processor time of the server for one page', ...describeCosts(result)),
    told(
      '  bytes of its body (br); generator’s share of a core',
      `${page.body.length}; ${result.busy.toFixed(2)}`,
    ),
  ]
  const plots = [
    {
      kind: 'bars' as const,
      title: `${what} from cache, requests per second`,
      bars: result.rounds.flatMap((round, i) => [
        { label: `Colonnade, round ${i + 1}`, value: round.ours.rate, ours: true },
        { label: `bare node:http, round ${i + 1}`, value: round.bare.rate },
      ]),
      mark: { label: `target: ${target} × bare`, value: result.bare * target },
    },
  ]
  return { figures, plots, details: { bytes: page.body.length, ...result } }
}
