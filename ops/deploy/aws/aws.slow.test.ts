import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Choices } from './choices.ts'
import { findingsOf } from './findings.ts'
import { installAws } from './install.mjs'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-aws-'))
let missing: string | undefined
let cdk: Awaited<ReturnType<typeof load>>

/** Only now, since it may have been installed just now. */
async function load() {
  const [core, assertions, ec2, s3, { build, judge }] = await Promise.all([
    import('aws-cdk-lib'),
    import('aws-cdk-lib/assertions'),
    import('aws-cdk-lib/aws-ec2'),
    import('aws-cdk-lib/aws-s3'),
    import('./build.ts'),
  ])
  return { ...core, ...assertions, ec2, s3, build, judge }
}

beforeAll(async () => {
  missing = installAws()
  if (missing === undefined) cdk = await load()
}, 180_000)
beforeEach((context) => {
  context.skip(missing !== undefined, missing)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const choices = (shape: Choices['shape'], more: Partial<Choices> = {}): Choices => ({
  shape,
  domain: 'learn.example.org',
  release: { bucket: 'releases', key: 'colonnade-0.1.0.tar.gz' },
  instance: 't4g.micro',
  email: 'operator@example.org',
  region: 'eu-central-1',
  multiAz: true,
  ...(shape === 'scaled'
    ? { certificate: 'arn:aws:acm:eu-central-1:111111111111:certificate/a' }
    : {}),
  ...more,
})

const templateOf = (stack: InstanceType<typeof cdk.Stack>) => cdk.Template.fromStack(stack)
const readJson = (template: ReturnType<typeof templateOf>) =>
  JSON.parse(JSON.stringify(template.toJSON()))

function judged(shape: Choices['shape'], spoil?: (stack: InstanceType<typeof cdk.Stack>) => void) {
  const { app, stack } = cdk.build(choices(shape), { outdir: mkdtempSync(join(folder, 'out-')) })
  spoil?.(stack)
  return () => cdk.judge(app).synth()
}

describe.each(['origin', 'scaled'] as const)('%s', (shape) => {
  test('opens nothing, gives no secret away, leaves nothing unencrypted', () => {
    expect(findingsOf(readJson(templateOf(cdk.build(choices(shape)).stack)))).toEqual([])
  })

  test('is clean to cdk-nag, which reads it', () => {
    expect(judged(shape)).not.toThrow()
    const wrong = judged(shape, (stack) => {
      new cdk.s3.Bucket(stack, 'Wrong')
    })
    expect(wrong).toThrow(/AwsSolutions-S10/)
  })

  test('needs no account and looks nothing up', () => {
    const { app, stack } = cdk.build(choices(shape), { outdir: mkdtempSync(join(folder, 'out-')) })
    expect(stack.environment).toBe('aws://unknown-account/eu-central-1')
    expect(app.synth().manifest.missing ?? []).toEqual([])
  })
})

describe('what is wrong turns red', () => {
  type Spoil = (stack: InstanceType<typeof cdk.Stack>) => void
  const open = (port: number, cidrIp: string) => (stack: InstanceType<typeof cdk.Stack>) => {
    new cdk.ec2.CfnSecurityGroupIngress(stack, 'Wrong', {
      groupId: idOf(stack, 'database-group'),
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      cidrIp,
    })
  }
  const idOf = (stack: InstanceType<typeof cdk.Stack>, name: string): string => {
    const group = stack.node.findChild(name)
    if (!(group instanceof cdk.ec2.SecurityGroup)) throw new Error(`${name} is no group.`)
    return group.securityGroupId
  }
  const host =
    (userData: string, encrypted = true): Spoil =>
    (stack) => {
      new cdk.ec2.CfnInstance(stack, 'Wrong', {
        userData: cdk.Fn.base64(userData),
        blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted } }],
        metadataOptions: { httpTokens: 'required' },
      })
    }
  const cases: [string, Spoil, string][] = [
    ['5432 open to the world', open(5432, '0.0.0.0/0'), '5432 is open: database from 0.0.0.0/0'],
    [
      '5432 open to a network',
      open(5432, '10.20.0.0/16'),
      '5432 is open: database from 10.20.0.0/16',
    ],
    ['SSH open to the world', open(22, '0.0.0.0/0'), 'SSH is open: database from 0.0.0.0/0'],
    [
      'another port open to the world',
      open(8080, '0.0.0.0/0'),
      'the world is let in: database from 0.0.0.0/0, 8080–8080',
    ],
    [
      '5432 open to the proxy',
      (stack) => {
        new cdk.ec2.CfnSecurityGroupIngress(stack, 'Wrong', {
          groupId: idOf(stack, 'database-group'),
          ipProtocol: '-1',
          sourceSecurityGroupId: idOf(stack, 'proxy-group'),
        })
      },
      '5432 is open: database from proxy',
    ],
    [
      'a token in a script',
      host('export COLONNADE_API_TOKEN=abcdef'),
      'Wrong: COLONNADE_API_TOKEN stands in its script',
    ],
    [
      'a password in an address',
      host('URL=postgres://app:abcdef@db/x'),
      'Wrong: a password stands in its script',
    ],
    [
      'a secret filled into a script',
      host('X={{resolve:secretsmanager:a}}'),
      'Wrong: a secret is filled into its script',
    ],
    ['a disk without encryption', host('true', false), 'Wrong: a disk is not encrypted'],
    [
      'a database without encryption',
      (stack) => {
        new cdk.CfnResource(stack, 'Wrong', { type: 'AWS::RDS::DBInstance', properties: {} })
      },
      'Wrong: is not encrypted (StorageEncrypted)',
    ],
  ]
  test.each(cases)('%s', (_, spoil, finding) => {
    for (const shape of ['origin', 'scaled'] as const) {
      const { stack } = cdk.build(choices(shape))
      spoil(stack)
      expect(findingsOf(readJson(templateOf(stack)))).toContain(finding)
    }
  })
})
