import { describe, expect, test } from 'vitest'
import { readPage } from './fixtures.ts'

const files = { 'episodes/fig/a.png': new Uint8Array([1]) }

describe('grid tables', () => {
  test('cells hold Markdown of several blocks', async () => {
    const { html, losses } = await readPage(
      [
        '+------+------+',
        '| Name | What |',
        '+======+:====:+',
        '| a    | - x  |',
        '|      | - y  |',
        '+------+------+',
        '| `b`  | z    |',
        '+------+------+',
      ].join('\n'),
    )
    expect(html.replace(/\n/g, '')).toBe(
      '<section class="ln-table" tabindex="0" aria-label="Table 1"><table><thead><tr><th scope="col">Name</th>' +
        '<th scope="col" class="ln-center">What</th></tr></thead><tbody><tr><td>a</td><td class="ln-center"><ul><li>x</li><li>y</li></ul></td></tr>' +
        '<tr><td><code>b</code></td><td class="ln-center">z</td></tr></tbody></table></section>',
    )
    expect(losses).toEqual([])
  })

  test('one whose cells span columns stays as text', async () => {
    const { html, losses } = await readPage('+--+--+\n| a   |\n+--+--+\n')
    expect(html).toContain('| a   |')
    expect(losses).toEqual([
      '6 grid table approximated: cells that span rows or columns: kept as text',
    ])
  })

  test('lists and quotes may hold one', async () => {
    const { html } = await readPage('- item\n\n  +---+\n  | a |\n  +---+\n')
    expect(html).toMatch(/<li>[\s\S]*<td>a<\/td>[\s\S]*<\/li>/)
  })
})

describe('tables', () => {
  test('columns keep their alignment as a class, an empty head goes', async () => {
    const { html } = await readPage('| | |\n|:-:|--:|\n| a | b |\n')
    expect(html.replace(/\n/g, '')).toContain(
      '<table><tbody><tr><td class="ln-center">a</td><td class="ln-end">b</td></tr></tbody></table>',
    )
  })

  test('a caption line names the table', async () => {
    const { html } = await readPage('| a |\n|---|\n| b |\n\n: What *this* is\n')
    expect(html).toContain(
      'aria-label="What this is"><table><caption>What <em>this</em> is</caption>',
    )
    expect(html).not.toContain('<p>')
  })
})

describe('definition lists', () => {
  test('terms, several definitions, further paragraphs', async () => {
    const { html, losses } = await readPage(
      '[term]{#t}\n:   one\n    goes on\n:   two\n\nOther\n\n: three\n\n    still three\n',
    )
    expect(html.replace(/\n/g, '')).toBe(
      '<dl><dt><span id="t">term</span></dt><dd><p>onegoes on</p></dd><dd><p>two</p></dd>' +
        '<dt>Other</dt><dd><p>three</p><p>still three</p></dd></dl>',
    )
    expect(losses).toEqual([])
  })
})

describe('code', () => {
  test('a known language is coloured by classes, never by styles', async () => {
    const { html, losses } = await readPage('```python\nprint("<b>") # it\n```\n')
    expect(html).toContain(
      '<figure class="ln-code" data-language="python"><figcaption>Python</figcaption>',
    )
    expect(html).toContain('<pre tabindex="0"><code>')
    expect(html).toMatch(/<span class="sh-comment"># it<\/span>/)
    expect(html).not.toMatch(/style=|<b>/)
    expect(losses).toEqual([])
  })

  test.each([
    ['output', 'Output'],
    ['error', 'Error'],
  ])('%s is captioned and plain', async (language, caption) => {
    const { html } = await readPage(`\`\`\`${language}\n$ x\n\`\`\`\n`)
    expect(html).toBe(
      `<figure class="ln-code" data-language="${language}"><figcaption>${caption}</figcaption><pre tabindex="0"><code>$ x</code></pre></figure>`,
    )
  })

  test('commands after a prompt are read as such', async () => {
    const { html } = await readPage('```bash\n$ git commit -m "x"\n```\n')
    expect(html).toContain('<span class="sh-punctuation">$</span>')
    expect(html).toContain('data-language="bash"')
  })

  test('an unknown language is kept plain and reported', async () => {
    const { html, losses } = await readPage('```klingon\nqapla\n```\n')
    expect(html).toContain('<code>qapla</code>')
    expect(losses).toEqual(['6 code approximated: no colours are known for “klingon”'])
  })

  test('chunks of R Markdown are code; hidden ones are dropped', async () => {
    const { html, losses } = await readPage(
      '```{r setup, include=FALSE}\nsecret()\n```\n\n```{r, echo=TRUE}\nx <- 1\n```\n\n```{python}\nx\n```\n\n``` {.bash #id}\nls\n```\n',
    )
    expect(html).not.toContain('secret')
    expect(html.match(/data-language="\w+"/g)).toEqual([
      'data-language="r"',
      'data-language="python"',
      'data-language="bash"',
    ])
    expect(losses.map((line) => line.replace(/:.*/, ''))).toEqual([
      '6 code chunk dropped',
      '10 code chunk approximated',
      '14 code chunk approximated',
    ])
  })

  test('a fence indented like code is told', async () => {
    const { losses } = await readPage('text\n\n    ::: solution\n')
    expect(losses[0]).toMatch(/^8 code approximated: it holds a div fence/)
  })
})

describe('what Pandoc has', () => {
  test('subscripts and superscripts, but no tilde or circumflex by itself', async () => {
    const { html } = await readPage('H~2~O, x^2^ and 10^-3^; ~/a:~/b, ^C and ^D, ~~old~~\n')
    expect(html).toBe(
      '<p>H<sub>2</sub>O, x<sup>2</sup> and 10<sup>-3</sup>; ~/a:~/b, ^C and ^D, <del>old</del></p>',
    )
  })

  test('captions and attributes over several lines, a picture on a line of its own', async () => {
    const { html, losses } = await readPage(
      "text before\n![\nA *caption*\n](fig/a.png){\nalt='what it\nshows'\n}\ntext after\n",
      files,
    )
    expect(html).toBe(
      '<p>text before</p><figure class="ln-figure"><img src="image:episodes/fig/a.png" alt="what it shows">' +
        '<figcaption>A <em>caption</em></figcaption></figure><p>text after</p>',
    )
    expect(losses).toEqual([])
  })

  test('preformatted HTML is code', async () => {
    const { html } = await readPage('<pre>\n&#96;&#96;&#96;{r}\n  x\n&#96;&#96;&#96;\n</pre>\n')
    expect(html).toBe(
      '<figure class="ln-code" data-language="text"><pre tabindex="0"><code>```{r}\n  x\n```</code></pre></figure>',
    )
  })
})

describe('headings', () => {
  test('levels start at h2 and skip none; ids are unique', async () => {
    const { html } = await readPage('# A\n### B\n###### C\n## A\n')
    expect(html).toBe('<h2 id="a">A</h2><h3 id="b">B</h3><h4 id="c">C</h4><h3 id="a-1">A</h3>')
  })

  test('a box counts on from the section it is in', async () => {
    const { html } = await readPage('## A\n\n::: callout\n#### T\n##### Deeper\n:::\n\n### B\n')
    expect(html.match(/<h\d/g)).toEqual(['<h2', '<h3', '<h4', '<h3'])
  })
})

describe('what else Markdown has', () => {
  test('footnotes', async () => {
    const { html } = await readPage('a[^1]\n\n[^1]: note\n')
    expect(html).toContain('href="#fn-1" id="fnref-1"')
    expect(html).toContain('<section data-footnotes="" class="ln-footnotes">')
    expect(html).toContain('aria-label="Back to the text 1"')
  })

  test('task lists without form controls, strikethrough, bare addresses', async () => {
    const { html } = await readPage('- [x] done\n- [ ] open\n\n~~old~~ https://a.example/x\n')
    expect(html).toMatch(/<li>☑ done<\/li>\s*<li>☐ open<\/li>/)
    expect(html).toContain('<del>old</del> <a href="https://a.example/x">https://a.example/x</a>')
    expect(html).not.toContain('<input')
  })

  test('HTML that is harmless stays', async () => {
    const { html, losses } = await readPage(
      'press <kbd>Q</kbd>, H<sub>2</sub>O<br>x<sup>2</sup> <span id="s">y</span>\n\n<details><summary>s</summary>\n\ntext *em*\n\n</details>\n',
    )
    expect(html).toContain(
      'press <kbd>Q</kbd>, H<sub>2</sub>O<br>x<sup>2</sup> <span id="s">y</span>',
    )
    expect(html).toMatch(/<details><summary>s<\/summary>\s*<p>text <em>em<\/em><\/p>\s*<\/details>/)
    expect(losses).toEqual([])
  })

  test('Markdown right after an opening tag is Markdown', async () => {
    const { html } = await readPage('<div markdown="1">\nsome *text*\n</div>\n')
    expect(html.replace(/\n/g, '')).toBe('<div><p>some <em>text</em></p></div>')
  })

  test('what only looks like a tag is text', async () => {
    const { html, losses } = await readPage('git add <file> and <commit message here>\n')
    expect(html).toBe('<p>git add &lt;file&gt; and &lt;commit message here&gt;</p>')
    expect(losses).toHaveLength(2)
  })

  test('comments are dropped, and said to be', async () => {
    const { html, losses } = await readPage('a <!-- b --> c\n\n<!--\nmore\n-->\n')
    expect(html).toBe('<p>a  c</p>')
    expect(losses).toEqual([
      '6 comment dropped: not meant for readers',
      '8 comment dropped: not meant for readers',
    ])
  })

  test('frames and films become links; layout classes have no effect', async () => {
    const { html, losses } = await readPage(
      '<iframe src="https://www.youtube.com/embed/abc" title="A talk"></iframe>\n\n<video controls><source src="https://a.example/x.mp4"></video>\n\n<div class="row">\n\ntext\n\n</div>\n\n<center>mid</center>\n',
    )
    expect(html).toContain('<a href="https://www.youtube.com/embed/abc">A talk</a>')
    expect(html).toContain('<a href="https://a.example/x.mp4">https://a.example/x.mp4</a>')
    expect(html).toContain('mid')
    expect(losses.map((line) => line.replace(/:.*/, ''))).toEqual([
      '6 <iframe> approximated',
      '8 <video> approximated',
      '10 <div> approximated',
      '16 <center> approximated',
    ])
  })

  test('a picture in HTML is a figure, too', async () => {
    const { html } = await readPage('<img src="fig/a.png" alt="it" width="300">\n', files)
    expect(html).toContain(
      '<figure class="ln-figure"><img src="image:episodes/fig/a.png" alt="it"></figure>',
    )
  })
})

describe('lessons before the Workbench', () => {
  test('a figure that Jekyll would include is a picture', async () => {
    const { html } = await readPage(
      '{% include figure.html url="" file="../fig/b.png" alt="it\'s" caption="A *b*" %}\n',
      {
        'fig/b.png': new Uint8Array([1]),
      },
    )
    expect(html).toBe(
      '<figure class="ln-figure"><img src="image:fig/b.png" alt="it&#x27;s"><figcaption>A <em>b</em></figcaption></figure>',
    )
  })

  test('quotations with an attribute line are divs', async () => {
    const { html, losses } = await readPage(
      '> ## Try\n>\n> Do.\n>\n> > ## Solution\n> >\n> > Done.\n> {: .solution}\n{: .challenge}\n\nafter\n',
    )
    expect(html.replace(/\n/g, '')).toBe(
      '<section class="ln-challenge" id="try"><h2 class="ln-title" id="try-title">Try</h2><p>Do.</p>' +
        '<details class="ln-solution"><summary>Solution</summary><p>Done.</p></details></section><p>after</p>',
    )
    expect(losses).toHaveLength(2)
  })

  test('an attribute line gives code its language, other quotations stay', async () => {
    const { html } = await readPage('~~~\nls\n~~~\n{: .language-bash}\n\n> said\n{: .quotation}\n')
    expect(html).toContain('data-language="bash"')
    expect(html).toMatch(/<blockquote>\s*<p>said<\/p>\s*<\/blockquote>/)
  })

  test("Jekyll's addresses are read as addresses in the folder", async () => {
    const { html, losses } = await readPage(
      '[a]({{ page.root }}/02-next/#x) [b]({% link _episodes/02-next.md %})\n{% include links.md %}\n`{{ site.baseurl }}`\n',
      { 'episodes/02-next.md': '---\ntitle: N\nteaching: 1\n---\n## X\n' },
    )
    expect(html).toContain('<a href="lesson:next#x">a</a> <a href="lesson:next">b</a>')
    expect(html).toContain('<code>{{ site.baseurl }}</code>')
    expect(losses.map((line) => line.replace(/:.*/, ''))).toEqual([
      '6 template approximated',
      '7 template tag dropped',
    ])
  })
})
