import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as rds from 'aws-cdk-lib/aws-rds'
import type * as secrets from 'aws-cdk-lib/aws-secretsmanager'
import type { Choices } from './choices.ts'
import { accept, type Shared } from './shared.ts'

type Where = { vpc: ec2.Vpc; group: ec2.SecurityGroup; shared: Shared; choices: Choices }

/** Postgres kept by AWS: encrypted, TLS only, two weeks of backups to any second, in two zones with `multiAz`. */
export function databaseOf(
  stack: Stack,
  { vpc, group, shared, choices }: Where,
): { database: rds.DatabaseInstance; master: secrets.ISecret } {
  const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 })
  const master = new rds.DatabaseSecret(stack, 'Master', {
    username: 'colonnade_master',
    encryptionKey: shared.key,
  })
  const database = new rds.DatabaseInstance(stack, 'Postgres', {
    engine,
    credentials: rds.Credentials.fromSecret(master),
    vpc,
    vpcSubnets: { subnetGroupName: 'data' },
    securityGroups: [group],
    instanceType: new ec2.InstanceType('t4g.micro'),
    multiAz: choices.multiAz,
    allocatedStorage: 20,
    maxAllocatedStorage: 200,
    storageType: rds.StorageType.GP3,
    storageEncrypted: true,
    storageEncryptionKey: shared.key,
    backupRetention: Duration.days(14),
    copyTagsToSnapshot: true,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.SNAPSHOT,
    iamAuthentication: true,
    cloudwatchLogsExports: ['postgresql'],
    parameterGroup: new rds.ParameterGroup(stack, 'PostgresSettings', {
      engine,
      // As ops/deploy/postgres/settings.sh says them.
      parameters: {
        'rds.force_ssl': '1',
        idle_in_transaction_session_timeout: '60000',
        log_min_duration_statement: '2000',
        log_lock_waits: '1',
        random_page_cost: '1.1',
        jit: '0',
      },
    }),
  })
  accept(
    master,
    'AwsSolutions-SMG4',
    'Used while a host makes the roles, and by nothing that serves; the operator changes it in RDS.',
  )
  accept(
    database,
    'AwsSolutions-RDS11',
    'Another port hides nothing: only the services’ group is let in, at this one.',
  )
  if (!choices.multiAz) {
    accept(database, 'AwsSolutions-RDS3', 'One zone was chosen; -c multiAz=true makes it two.')
  }
  return { database, master }
}
