import { arrivals, optionsOf, page } from './settings.ts'

export const options = optionsOf({ page: arrivals('default') })
export default page
