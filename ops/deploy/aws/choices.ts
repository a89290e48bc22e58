import type { Node } from 'constructs'

/** What the operator says with `-c name=value`. */
export type Choices = {
  /** `origin`: one host each for proxy, services and database. `scaled`: replicas behind load balancers. */
  shape: 'origin' | 'scaled'
  /** The site's host name. */
  domain: string
  /** Where the release lies that hosts install: `s3://bucket/key.tar.gz`. */
  release: { bucket: string; key: string }
  /** `t4g.micro` (ARM) or `t2.micro`, or any other type. */
  instance: string
  /** Who hears alarms. */
  email: string
  region: string
  /** Of the load balancer, in AWS Certificate Manager; `scaled` only. */
  certificate?: string
  /** RDS keeps a second copy of the database in another zone, and takes over within a minute or two. */
  multiAz: boolean
}

/** @throws naming what is missing or wrong, and what to say */
export function readChoices(node: Node): Choices {
  const given = (name: string): string | undefined => {
    const value: unknown = node.tryGetContext(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const needed = (name: string, example: string) => {
    const value = given(name)
    if (value === undefined) throw new Error(`Say -c ${name}=${example}`)
    return value
  }
  const shape = given('shape') ?? 'origin'
  if (shape !== 'origin' && shape !== 'scaled') {
    throw new Error(`shape is origin or scaled, not ${shape}.`)
  }
  const release = /^s3:\/\/([a-z0-9.-]+)\/(.+\.tar\.gz)$/.exec(
    needed('release', 's3://bucket/colonnade-0.1.0.tar.gz'),
  )
  if (!release) throw new Error('release is an address such as s3://bucket/colonnade-0.1.0.tar.gz')
  const [, bucket = '', key = ''] = release
  const domain = needed('domain', 'learn.example.org')
  if (!/^[a-z0-9.-]+$/.test(domain)) throw new Error('domain is a host name.')
  const certificate = shape === 'scaled' ? needed('certificate', 'arn:aws:acm:…') : undefined
  return {
    shape,
    domain,
    release: { bucket, key },
    instance: given('instance') ?? 't4g.micro',
    email: needed('email', 'you@example.org'),
    region: given('region') ?? 'eu-central-1',
    multiAz: given('multiAz') === 'true',
    ...(certificate === undefined ? {} : { certificate }),
  }
}
