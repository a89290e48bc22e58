import { CfnElement, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as kms from 'aws-cdk-lib/aws-kms'
import * as s3 from 'aws-cdk-lib/aws-s3'
import * as secrets from 'aws-cdk-lib/aws-secretsmanager'
import type { IConstruct } from 'constructs'
import type { Choices } from './choices.ts'

/** What both shapes have: a key, the buckets and the two secrets of an installation. */
export type Shared = {
  key: kms.Key
  backups: s3.Bucket
  logs: s3.Bucket
  /** Signs what services say to each other. */
  secret: secrets.Secret
  /** The operator's token. */
  token: secrets.Secret
}

/** Says why a rule of cdk-nag does not hold for a construct. */
export function accept(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason })
}

/** The name of a construct in the template, by which cdk-nag names it too. */
export function logicalIdOf({ node }: IConstruct): string {
  const { defaultChild } = node
  if (!(defaultChild instanceof CfnElement))
    throw new Error(`${node.path} is nothing in a template.`)
  return Stack.of(defaultChild).getLogicalId(defaultChild)
}

/** Lets somebody do these things with the objects of a bucket, and see which there are. */
export function mayUseObjects(
  who: iam.IGrantable & IConstruct,
  bucket: s3.Bucket,
  key: kms.Key,
  actions: string[],
): void {
  const allow = (actions: string[], resource: string) =>
    who.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions, resources: [resource] }),
    )
  allow(actions, bucket.arnForObjects('*'))
  allow(['s3:ListBucket'], bucket.bucketArn)
  allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn)
  accept(
    who,
    `AwsSolutions-IAM5[Resource::<${logicalIdOf(bucket)}.Arn>/*]`,
    'Every object of one bucket: their names are made while the site runs.',
  )
}

export function makeShared(stack: Stack): Shared {
  const key = new kms.Key(stack, 'Key', { enableKeyRotation: true })
  const logs = bucketOf(stack, 'Logs', { expires: 90 })
  const backups = bucketOf(stack, 'Backups', { key, logs, expires: 90, versioned: true })
  return {
    key,
    logs,
    backups,
    secret: secretOf(stack, 'Secret', key),
    token: secretOf(stack, 'Token', key),
  }
}

/** @param options.expires days that an object, or the version before, is kept */
export function bucketOf(
  stack: Stack,
  id: string,
  options: { key?: kms.Key; logs?: s3.Bucket; expires?: number; versioned?: boolean },
): s3.Bucket {
  const { key, logs, expires, versioned = false } = options
  return new s3.Bucket(stack, id, {
    // Load balancers write their logs with S3's own keys only.
    ...(key
      ? { encryption: s3.BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
      : { encryption: s3.BucketEncryption.S3_MANAGED }),
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(logs ? { serverAccessLogsBucket: logs, serverAccessLogsPrefix: `${id}/` } : {}),
    ...(expires === undefined
      ? {}
      : { lifecycleRules: [ending(Duration.days(expires), versioned)] }),
  })
}

const ending = (after: Duration, versioned: boolean): s3.LifecycleRule => ({
  expiration: after,
  abortIncompleteMultipartUploadAfter: Duration.days(2),
  ...(versioned ? { noncurrentVersionExpiration: after } : {}),
})

/** A secret that AWS makes up: it stands in no template and in no file of ours. */
export function secretOf(stack: Stack, id: string, key: kms.Key): secrets.Secret {
  const secret = new secrets.Secret(stack, id, {
    encryptionKey: key,
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
  })
  accept(
    secret,
    'AwsSolutions-SMG4',
    'Hosts read it when they start; the operator changes it and starts them anew, since a rotation behind their back would part them.',
  )
  return secret
}

/** Settings that the scripts of all parts are told. */
export function settingsOf(stack: Stack, choices: Choices, shared: Shared): Record<string, string> {
  const { bucket, key } = choices.release
  return {
    REGION: stack.region,
    STACK: stack.stackName,
    NODE_VERSION: '24.22.3',
    RELEASE: `s3://${bucket}/${key}`,
    DOMAIN: choices.domain,
    SECRET_ID: shared.secret.secretArn,
    TOKEN_ID: shared.token.secretArn,
  }
}
