import { Stack } from 'aws-cdk-lib'
import * as ec2 from 'aws-cdk-lib/aws-ec2'
import * as iam from 'aws-cdk-lib/aws-iam'
import type { Choices } from './choices.ts'
import { accept, type Shared } from './shared.ts'
import { type Part, userData } from './user-data.ts'

/** Debian 12, as its makers publish it; the address is looked up when the stack is made, not when it is written. */
export function debian(choices: Choices): ec2.IMachineImage {
  const cpu = /^[a-z]+\d+g/.test(choices.instance) ? 'arm64' : 'amd64'
  return ec2.MachineImage.fromSsmParameter(`/aws/service/debian/release/12/latest/${cpu}`, {
    os: ec2.OperatingSystemType.LINUX,
  })
}

/** An encrypted disk of so many GiB, under AWS's own key: a group that scales may not use another without more ado. */
export const disk = (size: number): ec2.BlockDevice => ({
  deviceName: '/dev/xvda',
  volume: ec2.BlockDeviceVolume.ebs(size, {
    encrypted: true,
    volumeType: ec2.EbsDeviceVolumeType.GP3,
  }),
})

export function scriptOf(part: Part, settings: Readonly<Record<string, string>>): ec2.UserData {
  return ec2.UserData.custom(userData(part, settings))
}

/** The name in which a host speaks to AWS: it may fetch the release and what it is granted beyond. */
export function roleOf(scope: Stack, part: Part, choices: Choices, shared: Shared): iam.Role {
  const role = new iam.Role(scope, `${part}-role`, {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  })
  accept(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
    'The way in for the operator in place of SSH; AWS keeps it in step with its agent.',
  )
  const { bucket, key } = choices.release
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [`arn:${Stack.of(scope).partition}:s3:::${bucket}/${key}`],
    }),
  )
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': 'Colonnade' } },
    }),
  )
  accept(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'PutMetricData knows no resources; the condition leaves it our namespace only.',
  )
  shared.secret.grantRead(role)
  shared.token.grantRead(role)
  return role
}
