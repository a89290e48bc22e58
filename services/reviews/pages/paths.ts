/** Where somebody writes their review of a course; a public page may link to it without knowing the course's slug. */
export const ownReview = '/courses/:id/review'
