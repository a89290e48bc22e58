/** One thing wrong with one field: `path` is a JSON pointer into the body, or the parameter's name. */
export type FieldError = { path: string; message: string }

const titles: Record<number, string> = {
  400: 'The request could not be read',
  401: 'A valid token is needed',
  403: 'This is not allowed',
  404: 'There is nothing here',
  405: 'This method is not allowed here',
  409: 'This conflicts with what is there',
  412: 'It has changed since you read it',
  413: 'This is too large',
  415: 'This content type is not accepted',
  422: 'Some fields are not right',
  428: 'An If-Match header is needed',
  429: 'Too many requests',
  500: 'Something went wrong on our side',
  503: 'This is away for now',
}

/**
 * An RFC 9457 problem document.
 * @param detail one sentence that says what to do
 * @param extra further members (`errors`) and headers
 */
export function problem(
  status: number,
  detail?: string,
  extra: { errors?: FieldError[]; headers?: Record<string, string>; requestId?: string } = {},
): Response {
  const { errors, requestId } = extra
  return new Response(problemText(status, detail, { errors, requestId }), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      ...(status === 503 ? { 'Retry-After': '1' } : {}),
      ...extra.headers,
    },
  })
}

/** The document alone; members without a value are left out. */
export function problemText(
  status: number,
  detail?: string,
  extra: { errors?: FieldError[] | undefined; requestId?: string | undefined } = {},
): string {
  const title = titles[status] ?? 'Error'
  return JSON.stringify({ type: 'about:blank', title, status, detail, ...extra })
}

/** Thrown where a request cannot go on; the API's one error handler answers it as a problem document. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail?: string,
    readonly errors?: FieldError[],
    readonly headers?: Record<string, string>,
  ) {
    super(detail ?? titles[status] ?? 'Error')
  }

  toResponse(): Response {
    const { errors, headers } = this
    return problem(this.status, this.message, {
      ...(errors ? { errors } : {}),
      ...(headers ? { headers } : {}),
    })
  }
}
