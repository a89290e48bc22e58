import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import type { Construct } from 'constructs'
import { Alarms } from './alarms.ts'
import { balancersOf } from './balancers.ts'
import type { Choices } from './choices.ts'
import { databaseOf } from './database.ts'
import { debian, disk, roleOf, scriptOf } from './hosts.ts'
import { mediaOf } from './media.ts'
import { networkOf } from './network.ts'
import { redisOf } from './redis.ts'
import { accept, makeShared, mayUseObjects, secretOf, settingsOf } from './shared.ts'
import type { Part } from './user-data.ts'

/**
 * Replicas in two zones: a load balancer with TLS before a group of proxies, one inside before a group of services, RDS,
 * a Redis by which proxies hear of changes, pictures in a bucket.
 */
export class ScaledStack extends Stack {
  constructor(scope: Construct, id: string, choices: Choices, props: StackProps = {}) {
    super(scope, id, props)
    const shared = makeShared(this)
    const vpc = networkOf(this, { zones: 2, data: true })
    const group = (name: string) =>
      new ec2.SecurityGroup(this, `${name}-group`, { vpc, description: `The ${name} of Colonnade` })
    const groups = {
      door: group('door'),
      proxy: group('proxy'),
      inside: group('inside'),
      services: group('services'),
      database: group('database'),
      redis: group('redis'),
    }
    for (const port of [80, 443]) {
      groups.door.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), 'Everybody')
    }
    const lets = (to: ec2.SecurityGroup, from: ec2.SecurityGroup, port: number) =>
      to.addIngressRule(from, ec2.Port.tcp(port))
    lets(groups.proxy, groups.door, 3000)
    lets(groups.proxy, groups.inside, 3000)
    lets(groups.inside, groups.proxy, 3001)
    lets(groups.inside, groups.services, 3000)
    lets(groups.services, groups.inside, 3001)
    lets(groups.database, groups.services, 5432)
    lets(groups.redis, groups.proxy, 6380)
    accept(
      groups.door,
      'AwsSolutions-EC23',
      'The public door, at 80 (which leads to TLS) and 443 and nothing else.',
    )

    const { database, master } = databaseOf(this, { vpc, group: groups.database, shared, choices })
    const redis = redisOf(this, { vpc, group: groups.redis, key: shared.key })
    const roles = secretOf(this, 'Roles', shared.key)
    const media = mediaOf(this, shared)

    const balancers = balancersOf(this, { vpc, groups, shared, choices })
    const settings = settingsOf(this, choices, shared)
    const inside = balancers.inside.loadBalancerDnsName
    const told: Record<Exclude<Part, 'database'>, Record<string, string>> = {
      proxy: {
        SERVICES: `${inside}:3001`,
        BEHIND: vpc.vpcCidrBlock,
        REDIS: redis.address,
        REDIS_ID: redis.password.secretArn,
      },
      services: {
        PROXY: `${inside}:3000`,
        RDS: database.dbInstanceEndpointAddress,
        RDS_ID: master.secretArn,
        ROLES_ID: roles.secretArn,
        MEDIA: media.bucket.bucketName,
        MEDIA_KEY_ID: media.keyId,
        MEDIA_ID: media.secret.secretArn,
        BACKUPS: shared.backups.bucketName,
      },
    }
    const alarms = new Alarms(this, shared.key, choices.email)
    const replicas = (part: Exclude<Part, 'database'>, gib: number) => {
      const role = roleOf(this, part, choices, shared)
      const template = new ec2.LaunchTemplate(this, `${part}-template`, {
        instanceType: new ec2.InstanceType(choices.instance),
        machineImage: debian(choices),
        securityGroup: groups[part],
        role,
        userData: scriptOf(part, { ...settings, ...told[part] }),
        blockDevices: [disk(gib)],
        requireImdsv2: true,
        httpPutResponseHopLimit: 1,
        detailedMonitoring: true,
      })
      const made = new autoscaling.AutoScalingGroup(this, part, {
        vpc,
        vpcSubnets: { subnetGroupName: 'private' },
        launchTemplate: template,
        minCapacity: 2,
        maxCapacity: 6,
        healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
          additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB],
          // A first start installs what it needs.
          gracePeriod: Duration.minutes(10),
        }),
        updatePolicy: autoscaling.UpdatePolicy.rollingUpdate({
          minInstancesInService: 2,
          maxBatchSize: 1,
          pauseTime: Duration.minutes(8),
        }),
        notifications: [{ topic: alarms.topic }],
      })
      made.scaleOnCpuUtilization(`${part}-scale`, { targetUtilizationPercent: 60 })
      made.attachToApplicationTargetGroup(balancers.targets[part])
      if (part === 'proxy') made.attachToApplicationTargetGroup(balancers.targets.proxyInside)
      alarms.group(part, made)
      alarms.disk(part)
      return role
    }
    redis.password.grantRead(replicas('proxy', 10))
    const services = replicas('services', 20)
    for (const secret of [master, roles, media.secret]) secret.grantRead(services)
    mayUseObjects(services, shared.backups, shared.key, ['s3:PutObject'])
    alarms.door(balancers.door, balancers.targets.proxy, 'proxy')
    alarms.door(balancers.inside, balancers.targets.services, 'services')
    alarms.database(database)

    new CfnOutput(this, 'Address', {
      value: balancers.door.loadBalancerDnsName,
      description: `Let ${choices.domain} lead here (CNAME or alias)`,
    })
    new CfnOutput(this, 'TokenSecret', {
      value: shared.token.secretName,
      description: 'Holds the operator’s token',
    })
  }
}
