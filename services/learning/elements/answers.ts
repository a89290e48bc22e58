/** The fieldsets of a form's questions, as `Questions` of packages/questions-ui writes them. */
export const questionsOf = (root: ParentNode): HTMLFieldSetElement[] => [
  ...root.querySelectorAll<HTMLFieldSetElement>('fieldset[data-question]'),
]

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

const fieldsOf = (question: HTMLFieldSetElement): Field[] =>
  [...question.querySelectorAll<Field>('input, select, textarea')].filter(
    ({ name, type }) => !name.startsWith('_') && type !== 'file',
  )

/** What a question's fields answer, as the log takes it; the same as `answerTo` makes of the form on the server. */
export function readAnswer(question: HTMLFieldSetElement): unknown {
  const { question: key = '', type } = question.dataset
  const fields = fieldsOf(question)
  const partOf = (field: Field) => field.name.slice(key.length + 1)
  const isTicked = (field: Field) => field instanceof HTMLInputElement && field.checked
  switch (type) {
    case 'single':
      return fields.find(isTicked)?.value
    case 'multiple':
      return fields.filter(isTicked).map(partOf)
    case 'matching':
      return Object.fromEntries(fields.map((field) => [partOf(field), field.value]))
    case 'ordering':
      return fields
        .map((field) => ({ key: partOf(field), place: Number(field.value) }))
        .filter(({ place }) => place > 0)
        .sort((a, b) => a.place - b.place || (a.key < b.key ? -1 : 1))
        .map((step) => step.key)
    case 'essay': {
      const dropped = fields.filter((one) => one.name === `${key}.drop` && isTicked(one))
      const gone = new Set(dropped.map(({ value }) => value))
      return {
        text: fields.find(({ name }) => name === key)?.value ?? '',
        files: fields
          .filter(({ name, value }) => name === `${key}.file` && !gone.has(value))
          .map(({ value }) => value),
      }
    }
    default:
      return fields[0]?.value ?? ''
  }
}

/** Fills a question's fields in with an answer that this device holds. */
export function writeAnswer(question: HTMLFieldSetElement, answer: unknown): void {
  const { question: key = '', type } = question.dataset
  for (const field of fieldsOf(question)) {
    const part = field.name.slice(key.length + 1)
    if (field instanceof HTMLInputElement && /^(radio|checkbox)$/.test(field.type)) {
      if (field.name === `${key}.drop`) continue
      field.checked = Array.isArray(answer) ? answer.includes(part) : field.value === answer
    } else if (Array.isArray(answer)) {
      const at = answer.indexOf(part)
      field.value = at < 0 ? '' : String(at + 1)
    } else if (typeof answer === 'string') field.value = answer
    else if (typeof answer === 'object' && answer !== null && field.type !== 'hidden') {
      const given: unknown = Reflect.get(answer, type === 'essay' ? 'text' : part)
      if (typeof given === 'string') field.value = given
    }
  }
}
