export { refused } from '@colonnade/personal'
