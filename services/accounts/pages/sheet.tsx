export { Sheet } from '@colonnade/ui'
