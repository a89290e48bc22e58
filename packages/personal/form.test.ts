import { expect, test } from 'vitest'
import { readForm } from './form.ts'

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request('http://test/', { method: 'POST', body, headers })

test('fields come as they were sent, with files or without', async () => {
  const plain = await readForm(post(new URLSearchParams('a=1&a=2&b=é')), 1000)
  expect([plain.fields.getAll('a'), plain.fields.get('b')]).toEqual([['1', '2'], 'é'])
  const form = new FormData()
  form.append('text', 'two\nlines')
  form.append('new', new File(['x'], 'a.txt'))
  form.append('new', new File([], ''))
  const sent = await readForm(post(form), 1000)
  expect(sent.fields.get('text')).toMatch(/^two\r?\nlines$/)
  expect(sent.files.map(({ field, file }) => [field, file.name, file.size])).toEqual([
    ['new', 'a.txt', 1],
  ])
})

test('what is too large or broken is refused', async () => {
  await expect(readForm(post('x'.repeat(11)), 10)).rejects.toThrow('At most 10 bytes')
  const broken = post('nothing', { 'Content-Type': 'multipart/form-data; boundary=b' })
  await expect(readForm(broken, 1000)).rejects.toThrow('could not be read')
})
