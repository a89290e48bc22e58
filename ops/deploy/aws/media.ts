import type { Stack } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import type * as s3 from 'aws-cdk-lib/aws-s3'
import * as secrets from 'aws-cdk-lib/aws-secretsmanager'
import { accept, bucketOf, mayUseObjects, type Shared } from './shared.ts'

/** Where pictures lie that several hosts serve, and the key by which the media service comes to them. */
export function mediaOf(
  stack: Stack,
  shared: Shared,
): { bucket: s3.Bucket; keyId: string; secret: secrets.Secret } {
  const bucket = bucketOf(stack, 'Media', { key: shared.key, logs: shared.logs, versioned: true })
  const group = new iam.Group(stack, 'MediaGroup')
  const user = new iam.User(stack, 'MediaUser', { groups: [group] })
  mayUseObjects(group, bucket, shared.key, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
  const key = new iam.AccessKey(stack, 'MediaKey', { user })
  const secret = new secrets.Secret(stack, 'MediaSecret', {
    encryptionKey: shared.key,
    secretStringValue: key.secretAccessKey,
  })
  accept(
    secret,
    'AwsSolutions-SMG4',
    'The key of a user who may do nothing but this; the operator makes another one by its serial number.',
  )
  return { bucket, keyId: key.accessKeyId, secret }
}
