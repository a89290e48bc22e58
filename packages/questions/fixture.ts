import type { Question } from './model.ts'

const base = { html: '<p>?</p>', points: 2, explanation: '<p>All in all.</p>' }
const keys = ['a', 'b', 'c', 'd']

export const single: Question = {
  ...base,
  key: 'single',
  type: 'single',
  options: keys.map((key) => ({ key, html: key, right: key === 'b', explanation: `why ${key}` })),
}
export const multiple: Question = {
  ...base,
  key: 'multiple',
  type: 'multiple',
  options: keys.map((key) => ({ key, html: key, right: key < 'c', explanation: `why ${key}` })),
}
export const numeric: Question = {
  ...base,
  key: 'numeric',
  type: 'numeric',
  answers: [
    { value: 0.3, tolerance: 0.1, unit: 'm', right: true, explanation: '' },
    { value: 30, tolerance: 10, unit: 'cm', right: true, explanation: '' },
    { value: 9, tolerance: 0, unit: '', right: false, explanation: 'the other way round' },
  ],
}
export const text: Question = {
  ...base,
  key: 'text',
  type: 'text',
  answers: [
    { pattern: 'left * join', right: true, explanation: '' },
    { pattern: 'inner join', right: false, explanation: 'it loses rows' },
  ],
}
export const matching: Question = {
  ...base,
  key: 'matching',
  type: 'matching',
  pairs: keys.map((key) => ({ key, html: key, match: { key: `to-${key}`, html: `to ${key}` } })),
}
export const ordering: Question = {
  ...base,
  key: 'ordering',
  type: 'ordering',
  steps: keys.map((key) => ({ key, html: key })),
}
export const essay: Question = {
  ...base,
  key: 'essay',
  type: 'essay',
  files: true,
  rubric: keys.slice(0, 2).map((key) => ({ key, html: `<p>${key}</p>`, points: 1 })),
}
export const all: Question[] = [single, multiple, numeric, text, matching, ordering, essay]
