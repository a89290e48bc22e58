/** The few words the reader itself puts into a lesson, in the lesson's language. */
export type Words = {
  challenge: string
  quiz: string
  assignment: string
  solution: string
  hint: string
  spoiler: string
  callout: string
  prereq: string
  discussion: string
  testimonial: string
  checklist: string
  caution: string
  instructor: string
  tab: string
  output: string
  error: string
  source: string
  code: string
  table: string
  footnotes: string
  backToText: string
  part: string
  reading: string
  learners: string
  transcript: string
}

const english: Words = {
  challenge: 'Challenge',
  quiz: 'Check yourself',
  assignment: 'Assignment',
  solution: 'Solution',
  hint: 'Hint',
  spoiler: 'More details',
  callout: 'Note',
  prereq: 'Before you start',
  discussion: 'Discussion',
  testimonial: 'Testimonial',
  checklist: 'Checklist',
  caution: 'Caution',
  instructor: 'Note for instructors',
  tab: 'Alternative',
  output: 'Output',
  error: 'Error',
  source: 'Source',
  code: 'Code',
  table: 'Table',
  footnotes: 'Footnotes',
  backToText: 'Back to the text',
  part: 'Part',
  reading: 'Reading',
  learners: 'Preparation and reference',
  transcript: 'Transcript',
}

const spanish: Words = {
  challenge: 'Ejercicio',
  quiz: 'Comprueba lo aprendido',
  assignment: 'Tarea',
  solution: 'Solución',
  hint: 'Pista',
  spoiler: 'Más detalles',
  callout: 'Nota',
  prereq: 'Antes de empezar',
  discussion: 'Para conversar',
  testimonial: 'Testimonio',
  checklist: 'Lista de comprobación',
  caution: 'Atención',
  instructor: 'Nota para docentes',
  tab: 'Alternativa',
  output: 'Salida',
  error: 'Error',
  source: 'Fuente',
  code: 'Código',
  table: 'Tabla',
  footnotes: 'Notas',
  backToText: 'Volver al texto',
  part: 'Parte',
  reading: 'Lectura',
  learners: 'Preparación y referencia',
  transcript: 'Transcripción',
}

const byLanguage = new Map([
  ['en', english],
  ['es', spanish],
])

/** The words of a language (BCP 47); English where there are none. */
export function wordsOf(language: string): Words {
  return byLanguage.get(language.split('-')[0]?.toLowerCase() ?? '') ?? english
}
