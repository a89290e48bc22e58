import { arrivals, optionsOf, write } from './settings.ts'

export const options = optionsOf({ write: arrivals('default') })
export default write
