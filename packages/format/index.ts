export { readCourseApart, readCourseHere } from './apart.ts'
export { CourseError } from './errors.ts'
export { extensionFiles } from './extensions.ts'
export { readFolder } from './folder/folder.ts'
export { limits } from './folder/paths.ts'
export { collectFiles } from './folder/sent.ts'
export { readZip, writeZip } from './folder/zip.ts'
export { tokenKinds } from './html/highlight.ts'
export type { Outcome, ReportLine } from './report.ts'
export {
  type CourseSource,
  courseSource,
  type ItemSource,
  type LessonSource,
  levels,
  type ModuleSource,
  type OrganisationSource,
  type PersonSource,
  type ReviewSource,
  subjects,
  type TestimonialSource,
} from './source.ts'
