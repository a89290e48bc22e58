import { arrivals, optionsOf, read } from './settings.ts'

export const options = optionsOf({ read: arrivals('default') })
export default read
