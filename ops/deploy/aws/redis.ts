import type { Stack } from 'aws-cdk-lib'
import type * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as elasticache from 'aws-cdk-lib/aws-elasticache'
import type * as kms from 'aws-cdk-lib/aws-kms'
import type * as secrets from 'aws-cdk-lib/aws-secretsmanager'
import { secretOf } from './shared.ts'

type Where = { vpc: ec2.Vpc; group: ec2.SecurityGroup; key: kms.Key }

/** The Redis that proxies share. Nothing in it needs a backup, and no page needs it. */
export function redisOf(
  stack: Stack,
  { vpc, group, key }: Where,
): { address: string; password: secrets.Secret } {
  const password = secretOf(stack, 'RedisPassword', key)
  const subnets = new elasticache.CfnSubnetGroup(stack, 'RedisSubnets', {
    description: 'Without a way out',
    subnetIds: vpc.selectSubnets({ subnetGroupName: 'data' }).subnetIds,
  })
  const parameters = new elasticache.CfnParameterGroup(stack, 'RedisParameters', {
    cacheParameterGroupFamily: 'valkey8',
    description: 'Forgets what was not asked for longest',
    properties: { 'maxmemory-policy': 'allkeys-lru' },
  })
  const redis = new elasticache.CfnReplicationGroup(stack, 'Redis', {
    replicationGroupDescription: 'What proxies share',
    engine: 'valkey',
    engineVersion: '8.0',
    cacheNodeType: 'cache.t4g.micro',
    numNodeGroups: 1,
    replicasPerNodeGroup: 1,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    port: 6380,
    cacheSubnetGroupName: subnets.ref,
    cacheParameterGroupName: parameters.ref,
    securityGroupIds: [group.securityGroupId],
    atRestEncryptionEnabled: true,
    kmsKeyId: key.keyId,
    transitEncryptionEnabled: true,
    transitEncryptionMode: 'required',
    // Filled in by CloudFormation, from the secret.
    authToken: password.secretValue.unsafeUnwrap(),
  })
  const address = `${redis.attrPrimaryEndPointAddress}:${redis.attrPrimaryEndPointPort}`
  return { address, password }
}
