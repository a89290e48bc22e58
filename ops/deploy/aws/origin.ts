import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as ssm from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'
import { Alarms } from './alarms.ts'
import type { Choices } from './choices.ts'
import { debian, disk, roleOf, scriptOf } from './hosts.ts'
import { networkOf } from './network.ts'
import { accept, makeShared, mayUseObjects, secretOf, settingsOf } from './shared.ts'
import type { Part } from './user-data.ts'

/** Fixed, so that the database can name whom it lets in. */
const addresses = { proxy: '10.20.0.10', services: '10.20.0.138', database: '10.20.0.139' }

/**
 * Three hosts: the proxy open to the world at 80 and 443, the services open to the proxy at 3001, the database open to
 * the services at 5432. There is no SSH; the operator comes in by Session Manager.
 */
export class OriginStack extends Stack {
  constructor(scope: Construct, id: string, choices: Choices, props: StackProps = {}) {
    super(scope, id, props)
    const shared = makeShared(this)
    const vpc = networkOf(this, { zones: 1 })
    const group = (name: Part) =>
      new ec2.SecurityGroup(this, `${name}-group`, { vpc, description: `The ${name} of Colonnade` })
    const groups = {
      proxy: group('proxy'),
      services: group('services'),
      database: group('database'),
    }
    for (const port of [80, 443]) {
      groups.proxy.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), 'Everybody')
    }
    groups.services.addIngressRule(groups.proxy, ec2.Port.tcp(3001), 'The proxy')
    groups.proxy.addIngressRule(groups.services, ec2.Port.tcp(3000), 'Services tell what changed')
    groups.database.addIngressRule(groups.services, ec2.Port.tcp(5432), 'The services')
    accept(
      groups.proxy,
      'AwsSolutions-EC23',
      'The public door, at 80 (which leads to TLS) and 443 and nothing else.',
    )

    const database = secretOf(this, 'Database', shared.key)
    const authority = new ssm.StringParameter(this, 'Authority', {
      stringValue: 'The database’s host writes its certificate authority here.',
    })
    const settings = settingsOf(this, choices, shared)
    const told: Record<Part, Record<string, string>> = {
      proxy: { SERVICES: `${addresses.services}:3001` },
      services: {
        PROXY: `${addresses.proxy}:3000`,
        DATABASE_ID: database.secretArn,
        CA: authority.parameterName,
        BACKUPS: shared.backups.bucketName,
      },
      database: {
        SELF: addresses.database,
        ALLOW: addresses.services,
        DATABASE_ID: database.secretArn,
        CA: authority.parameterName,
      },
    }
    const host = (part: Part, gib: number) => {
      const role = roleOf(this, part, choices, shared)
      const instance = new ec2.Instance(this, part, {
        vpc,
        vpcSubnets: { subnetGroupName: part === 'proxy' ? 'public' : 'private' },
        privateIpAddress: addresses[part],
        instanceType: new ec2.InstanceType(choices.instance),
        machineImage: debian(choices),
        securityGroup: groups[part],
        role,
        userData: scriptOf(part, { ...settings, ...told[part] }),
        blockDevices: [disk(gib)],
        httpTokens: ec2.HttpTokens.REQUIRED,
        httpPutResponseHopLimit: 1,
        detailedMonitoring: true,
        disableApiTermination: true,
      })
      return { instance, role }
    }
    const hosts = {
      proxy: host('proxy', 10),
      services: host('services', 20),
      database: host('database', 30),
    }
    database.grantWrite(hosts.database.role)
    authority.grantWrite(hosts.database.role)
    database.grantRead(hosts.services.role)
    authority.grantRead(hosts.services.role)
    mayUseObjects(hosts.services.role, shared.backups, shared.key, ['s3:PutObject'])

    const door = new ec2.CfnEIP(this, 'Door', { instanceId: hosts.proxy.instance.instanceId })
    const alarms = new Alarms(this, shared.key, choices.email)
    for (const part of ['proxy', 'services', 'database'] as const) {
      alarms.host(part, hosts[part].instance)
      alarms.disk(part)
    }
    new CfnOutput(this, 'Address', {
      value: door.attrPublicIp,
      description: `Let ${choices.domain} lead here`,
    })
    new CfnOutput(this, 'TokenSecret', {
      value: shared.token.secretName,
      description: 'Holds the operator’s token',
    })
  }
}
